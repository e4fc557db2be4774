"""What a text is about: the words for things and doings in it, and what is another word for the same."""

import re
from collections.abc import Iterable

from kernel.chinese import normalise, tagged

# Things and doings by the cutter's dictionary, with what has no kind of its own.
_KINDS = ("n", "v", "vn", "a", "an", "j", "l", "i", "s", "b", "x", "nz", "eng")
_SHORTEST = 2
# So long a word is made of others, of which one is said for it: 消防通道, 通道.
_COMPOUND = 3
# Where and when something is, what is said of any trouble, and the words of letters and offices: no subject.
_NO_SUBJECT = re.compile(
    r".*(?:路|街|大道|巷|号|村|镇|区|市|县|省|天|月|年|晚上|夜间|白天)|.*\d.*|小区|门口|楼下|附近|旁边|地方|地点|周边|"
    r"希望|尽快|尽早|早日|处理|解决|要求|投诉|反映|反应|问题|情况|有关|相关|部门|单位|政府|领导|职能部门|书记|市长|县长|"
    r"现在|目前|一直|至今|没有|时间|严重|影响|居民|业主|市民|群众|百姓|老百姓|人民|派人|维修|修复|更换|清理|已经|进行|"
    r"工作|生活|我们|大家|他们|你们|自己|本人|别人|有人|人员|工作人员|朋友|先生|女士|家人|孩子|小孩|老人|"
    r"您好|你好|尊敬|感谢|谢谢|回复|答复|来信|留言|帖子|关注|重视|支持|理解|监督|关心|帮助|咨询|请问|了解|知道|知悉|"
    r"收悉|获悉|告诉|告知|说明|解释|联系|电话|建议|意见|请求|恳请|恳求|呼吁|强烈|申请|办理|受理|"
    r"可以|可能|能够|能否|是否|不能|不会|不可|无法|应该|应当|需要|必须|是不是|有没有|什么|怎么|怎样|如何|为什么|为何|"
    r"哪里|哪些|哪个|多少|多久|这样|那样|这么|那么|这种|这里|那里|因为|由于|所以|如果|但是|"
    r"出现|发生|存在|造成|导致|发现|属于|成为|作为|认为|觉得|感觉|表示|提供|采取|加强|开展|落实|负责|管理|调查|核实|"
    r"查处|查看|检查|监管|督促|措施|规定|标准|政策|法律|法规|依法|合法|合理|符合|方便|不便|困难|安全|正常|有效|彻底|"
    r"原因|结果|方式|方面|事情|事件|事项|事实|真实|属实|内容|过程|期间|同时|以后|之后|以前|之前|最近|今天|昨天|每天|"
    r"开始|结束|继续|完成|得到|看到|听到|收到|想到|使用|利用|通过|根据|按照|关于|对于|以及|或者|不是|就是|还是|只有|"
    r"城市|社会|国家|公司|中心|街道|社区|物业|发展|建设|服务|权益|利益|公道|说法|行为|现象|现场|具体|基本|主要|重要|"
    r"很多|许多|非常|特别|十分|一些|一样|一起|不同|各种|所有|全部|整个|多次|再次|"
    r"强烈要求|强烈建议|解决问题|市委|市政府|区政府|县政府|县委|纪委|监察|督导|督查|出面|依规|给予|做主|代表|维护|正当权益|"
    r"才能|还有|现有|选择|想要|找到|变成|提出|达到|承诺|直接|采用|比如|做好|大量|明确|加大力度|责任|责任人|主体|严肃|防止|"
    r"事宜|原来|平常|条件|没人|不到|不了|不用|用来|带来|不变|遇到|受不了|不可思议|心知肚明|无助|死活|实施|实行|执行|"
    r"时候|听说|有点|起来|简单|诉求|个人|整体|提高|一定|具体内容|联系电话|例如|当地政府|小区业主|政府部门|同志|民生问题|给与|"
    r"迅速|根本|避免|坚决|区域|重大|相应|采取相应|容易|满足|只能|好心人|享受|真诚|期盼|当地|协商|急盼|感到|清楚|理由|上级领导|"
    r"小区居民|人家|意愿|权利|职责|显得|确实|来往|身上|现有|介入|请教|此事|政府|有限公司|有限责任|设立|制定|确保|保护|"
    r"准备|打算|报告|汇报|协调|沟通|研究|积极|认真|及时|耐心|抓紧|跟进|转交|网友|平台|信息|网站|公开|欢迎|致电|拨打"
)
_SAME: tuple[tuple[str, ...], ...] = tuple(
    tuple(row.split())
    for row in (
        "噪音 噪声 扰民 吵闹 吵 隔音 降噪",
        "油烟 烟气 排烟 异味 味道 臭味 恶臭 废气",
        "占道 摆摊 摊贩 摊档 摊位 烧烤档 流动商贩 占用 出店经营",
        "公交 公交车 公交线路 班次 线路",
        "地铁 轨道 轨道交通",
        "路灯 照明 灯具",
        "停水 供水 水压 自来水",
        "停电 供电 电压 用电",
        "垃圾 保洁 环卫 清运 卫生",
        "停车 停放 车位 泊车 乱停",
        "学校 中学 小学 学位 入学 就读 招生",
        "幼儿园 学前教育 托幼",
        "学费 收费 费用 缴费 交费",
        "退款 退费 退还 退钱",
        "工资 薪资 欠薪 报酬 薪酬 待遇 津贴 补贴 补助",
        "拆迁 征收 征地 征拆 安置 补偿",
        "房产证 产权证 不动产 不动产权证 办证 产权 登记",
        "交房 交付 延期交房 逾期 竣工 烂尾 停工 复工",
        "开发商 房地产 置业",
        "社保 养老保险 参保 养老金 退休",
        "医保 医疗保险 报销",
        "医院 卫生院 诊所 医疗",
        "污染 排放 污水 环保 环境保护 超标",
        "灰尘 粉尘 扬尘 尘土",
        "红绿灯 信号灯 交通信号",
        "斑马线 人行横道 过街 天桥 人行天桥",
        "修路 道路 路面 公路 提质改造 硬化",
        "堵车 拥堵 堵塞 交通压力 疏导",
        "违建 违章建筑 违法建设 违法建筑 搭建 乱搭乱建",
        "黑车 非法营运 运营 营运 出租车 的士",
        "补课 培训 培训班 辅导班 校外培训",
        "户口 落户 户籍 迁户",
        "积水 内涝 排水 下水道 管网 疏通",
        "流浪狗 犬只 养犬 狗",
        "电梯 维保",
        "公积金 贷款 按揭",
        "麻将 棋牌 棋牌室 赌博",
        "房价 限购 购房 买房",
        "低保 贫困 困难户 贫困户 扶贫",
        "燃气 天然气 煤气",
        "考试 招聘 招考 报考",
    )
)
_OTHERS = {word: frozenset(row) for row in _SAME for word in row}


def subjects_of(text: str) -> frozenset[str]:
    """The words of a text that may name what it is about."""
    plain = normalise(text)
    listed = {word for word in _OTHERS if len(word) >= _SHORTEST and word in plain}
    return frozenset(listed.union(word for word, kind in tagged(plain) if _names(word, kind)))


def said_in(subjects: Iterable[str], text: str) -> frozenset[str]:
    """Which of the subjects a text speaks of, in these or in other words."""
    return frozenset(word for word in subjects if any(each in text for each in _ways(word)))


def same(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two sets of subjects have one in common."""
    theirs = set(other)
    return any(theirs & _ways(word) for word in one)


def _names(word: str, kind: str) -> bool:
    if len(word) < _SHORTEST:
        return word in _OTHERS
    return kind.startswith(_KINDS) and not _NO_SUBJECT.fullmatch(word) and not word.isascii()


def _ways(word: str) -> frozenset[str]:
    parts = {word[:_SHORTEST], word[-_SHORTEST:]} if len(word) >= _COMPOUND else set()
    return _OTHERS.get(word, frozenset()) | {word} | {part for part in parts if not _NO_SUBJECT.fullmatch(part)}
