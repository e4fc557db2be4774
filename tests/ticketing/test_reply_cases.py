"""Forty replies as units write them: twenty good ones pass without a fault, twenty bad ones are each found out by the
look that is for it."""

from dataclasses import dataclass

import pytest

from tests.ticketing.making import ticket
from ticketing.rules.checks import Check, Verdict
from ticketing.rules.replycheck import check_reply

END = "如有疑问请致电0757-12345678。感谢您的反映。"


@dataclass(frozen=True)
class Case:
    """What was asked, and the reply; ``label`` is the look that has to find something (of a bad one)."""

    name: str
    title: str
    asked: str
    reply: str
    label: str = ""
    quote: str = ""
    verdict: Verdict = Verdict.WRONG


GOOD = (
    Case("lamp", "路灯不亮", "同济路的路灯坏了三天，请尽快派人维修。",
         f"您好！经核查，同济路路灯因线路老化熄灭，已于3月18日维修并恢复照明。根据《城市照明管理规定》第二十条办理。{END}"),
    Case("two points", "垃圾与路灯", "小区门口的垃圾桶满了没人清。楼下路灯也不亮。",
         f"您好！小区门口垃圾桶已于当日清运，并改为每日两清；楼下路灯已更换灯泡。依据《城市市容和环境卫生管理条例》第三十二条。{END}"),
    Case("noise", "夜间施工噪音", "工地凌晨一点还在打桩，吵得睡不着，要求处理。",
         f"您好！执法人员夜间到工地检查，打桩作业未取得夜间施工证明，已立案查处，责令22时后停止打桩。"
         f"依据《中华人民共和国噪声污染防治法》第四十三条。{END}"),
    Case("pension", "养老认证", "请问养老金资格认证怎么办理？需要带什么材料？",
         f"您好！养老金资格认证可通过“粤省事”小程序刷脸办理；现场办理只需带身份证原件。办理依据为粤人社规〔2019〕13号。{END}"),
    Case("water", "停水", "我们这条街停水两天了，什么时候恢复供水？",
         f"您好！因主管爆裂抢修，该街停水，已于5月6日22时恢复供水。根据《城市供水条例》第二十二条，供水公司已公告。{END}"),
    Case("refused", "安装充电桩", "物业不同意我在车位装充电桩，要求责令物业同意。",
         f"您好！经到场核实，该车位属人防车位，变压器容量不足，目前不具备安装充电桩条件，物业未同意符合规定；"
         f"已告知您可申请使用地面公共充电桩。依据粤发改能电〔2016〕691号第八条。{END}"),
    Case("wages", "拖欠工资", "工厂拖欠我两个月工资，共八千元，请求追回工资。",
         f"您好！经劳动监察大队调查，工厂确拖欠工资，已责令限期支付，工厂已于4月2日支付两个月工资八千元。"
         f"依据《保障农民工工资支付条例》第五十三条。{END}"),
    Case("bus", "公交班次", "118路公交车早高峰等了四十分钟，希望增加班次。",
         f"您好！118路公交早高峰班次确有不足，公交公司自6月1日起增加2台车，早高峰间隔缩短至12分钟。"
         f"依据《佛山市公共汽车客运管理办法》第十六条。{END}"),
    Case("dog", "流浪狗", "公园里有好几只流浪狗追人，小孩不敢去，请处理。",
         f"您好！我办已联合公安到公园巡查，捕捉流浪狗3只并送收容点，已安排公园保安每日巡查。依据《动物防疫法》第三十条。{END}"),
    Case("numbered", "小区三事", "反映三件事：一是电梯经常坏，请检修；二是楼道没灯；三是消防通道被车堵住。",
         f"您好！一、电梯已由维保单位检修并通过检验；二、楼道已更换感应灯12盏；三、消防通道违停车辆已劝离并划线。"
         f"依据《物业管理条例》第四十五条、《消防法》第二十八条。{END}"),
    Case("refund", "健身房退费", "健身房关门了，办的年卡还剩三千元，要求退款。",
         f"您好！经市场监管所调解，健身房经营者已于7月3日退还剩余年卡费用三千元。依据《消费者权益保护法》第五十三条。{END}"),
    Case("tree", "树枝伸入窗户", "楼边大树的树枝伸到四楼窗户了，请修剪。",
         f"您好！园林所已于本月12日对该处大树修剪，伸入窗户的树枝已清理完毕。依据《城市绿化条例》第二十一条。{END}"),
    Case("school", "入学积分", "外来务工人员子女怎么申请积分入学？截止到哪天？",
         f"您好！积分入学请于4月30日前登录“积分入学”平台申请，需居住证、社保记录。依据为《流动人口积分制入学办法》第六条。{END}"),
    Case("smoke", "饭店油烟", "楼下饭店油烟直排，整栋楼都是味道，要求整改。",
         f"您好！经检查，该饭店油烟净化器未清洗，已责令整改；3月20日复查，油烟净化设施运行正常，检测达标。"
         f"依据《大气污染防治法》第一百一十八条。{END}"),
    Case("pothole", "路面坑洼", "季华路辅道有个大坑，电动车摔倒了。",
         f"您好！季华路辅道路面坑洼已于当日围蔽，次日用沥青修复完成。依据《城市道路管理条例》第二十四条。{END}"),
    Case("shop", "占道经营", "学校门口每天下午有人摆摊占道经营，堵路。",
         f"您好！执法队对学校门口占道经营摊贩已劝离5档，每日15时至18时安排人员值守。依据《城市市容管理办法》第十五条。{END}"),
    Case("praise", "表扬", "表扬大厅的工作人员耐心帮老人填表。",
         f"您好！您对大厅工作人员的表扬我们已告知本人并予通报鼓励，会继续做好老人帮办服务。根据《窗口服务规范》第五条。{END}"),
    Case("plan", "过街天桥", "希望在医院门口建一座过街天桥，老人过马路很危险。",
         f"您好！医院门口过街天桥已列入2027年建设计划，在建成前，交警已于本月调整信号灯，行人过街时间延长至35秒。"
         f"依据《城市综合交通规划》第三章。{END}"),
    Case("double bill", "水费多收", "这个月水费比平时多了三倍，请核对水表。",
         f"您好！经上门核对水表，读数抄错，多收水费86元已于本月退还至您的账户。依据《城市供水条例》第二十五条。{END}"),
    Case("hotline as contact", "停车收费", "停车场收费没有公示，请查处。",
         "您好！该停车场未公示收费标准，已责令整改，现已在入口公示。依据《价格法》第十三条。如有疑问请拨打12345。感谢您的监督。"),
)  # fmt: skip

BAD = (
    Case("second point left out", "垃圾与路灯", "小区门口的垃圾桶满了没人清。楼下路灯也不亮。",
         f"您好！小区门口垃圾桶已于当日清运。依据《城市市容和环境卫生管理条例》第三十二条。{END}",
         "诉求要点", "楼下路灯也不亮"),
    Case("third numbered point left out", "小区三事",
         "反映三件事：一是电梯经常坏，请检修；二是楼道没灯；三是消防通道被车堵住。",
         f"您好！电梯已检修，楼道已更换感应灯。依据《物业管理条例》第四十五条。{END}",
         "诉求要点", "消防通道被车堵住"),
    Case("the question behind is not answered", "养老认证", "请问养老金资格认证怎么办理？需要带什么材料？",
         f"您好！资格认证可通过小程序刷脸办理。依据粤人社规〔2019〕13号。{END}", "诉求要点", "需要带什么材料？"),
    Case("the answer is about something else", "夜间施工噪音", "工地凌晨一点还在打桩，吵得睡不着，要求处理。",
         f"您好！您反映的路灯已于3月18日维修，恢复照明。依据《城市照明管理规定》第二十条。{END}",
         "诉求要点", "工地凌晨一点还在打桩，吵得睡不着，要求处理"),
    Case("only being worked on", "停水", "我们这条街停水两天了，什么时候恢复供水？",
         f"您好！您反映的停水问题我们高度重视，正在处理中，请耐心等待。依据《城市供水条例》。{END}", "实质内容"),
    Case("only passed on", "流浪狗", "公园里有好几只流浪狗追人，请处理。",
         f"您好！公园流浪狗问题已转相关部门，后续跟进。依据《动物防疫法》。{END}", "实质内容"),
    Case("only promises", "占道经营", "学校门口有人摆摊占道经营，堵路。",
         f"您好！我们将加大力度、加强巡查学校门口占道经营。依据《市容管理办法》。{END}", "实质内容"),
    Case("no basis", "路灯不亮", "同济路的路灯坏了三天，请尽快派人维修。",
         f"您好！同济路路灯已于3月18日维修，恢复照明。{END}", "办理依据"),
    Case("a refusal without basis", "安装充电桩", "物业不同意我装充电桩，要求责令物业同意。",
         f"您好！经核实，物业不同意安装充电桩属合理，已告知您。{END}", "办理依据"),
    Case("nobody to call", "路灯不亮", "同济路的路灯坏了三天，请尽快派人维修。",
         "您好！同济路路灯已于3月18日维修，恢复照明。根据《城市照明管理规定》第二十条办理。",
         "联系方式", verdict=Verdict.DOUBT),
    Case("a mobile number of the citizen", "路灯不亮", "同济路的路灯坏了。",
         f"您好！已致电13802401357与您联系，同济路路灯已修复。依据《城市照明管理规定》。{END}", "个人信息"),
    Case("a mobile number in groups", "路灯不亮", "同济路的路灯坏了。",
         f"您好！已联系138 0240 1357，同济路路灯已修复。依据《城市照明管理规定》。{END}", "个人信息"),
    Case("an identity card", "积分入学", "怎么申请积分入学？",
         f"您好！身份证440601198803214817的积分入学申请已核实办理完成。依据《入学办法》。{END}", "个人信息"),
    Case("the name of a neighbour", "楼上漏水", "楼上漏水到我家。",
         f"您好！楼上业主欧阳建国先生已于3月2日修复漏水点。依据《民法典》第二百八十八条。{END}", "个人信息"),
    Case("where somebody lives", "噪音扰民", "邻居半夜唱歌扰民。",
         f"您好！民警已到金色家园3栋2单元1502房告知邻居。依据《治安管理处罚法》第五十八条。{END}", "疑似个人信息"),
    Case("words of the house", "路面坑洼", "季华路辅道有个大坑。",
         f"您好！季华路辅道大坑不属我单位，已申请退单，由市政办理完成。依据《城市道路管理条例》。{END}", "内部用语"),
    Case("who reported", "饭店油烟", "楼下饭店油烟直排，要求整改。",
         f"您好！举报人反映的饭店油烟已责令整改。依据《大气污染防治法》第一百一十八条。{END}", "内部用语"),
    Case("not our business", "流浪狗", "公园里有好几只流浪狗追人，请处理。",
         f"公园流浪狗不归我们管，请找公安，已告知。依据《动物防疫法》第三十条。{END}", "用语"),
    Case("the citizen is blamed", "电梯故障", "电梯经常坏，请检修。",
         f"您好！电梯坏是你自己使用不当，已检修完成。依据《特种设备安全法》。{END}", "用语"),
    Case("no greeting", "路灯不亮", "同济路的路灯坏了。",
         "同济路路灯已修复。依据《城市照明管理规定》第二十条。电话0757-12345678。", "用语", verdict=Verdict.DOUBT),
)  # fmt: skip


def checked(case: Case) -> tuple[Check, ...]:
    return check_reply(ticket(text=case.asked, title=case.title), case.reply, "")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("已向王先生说明", ()),
        ("已联系李四先生，业主欧阳建国先生", ("李四", "欧阳建国")),
        ("住户黄大文家已维修", ("黄大文",)),
        ("业主安全的用电环境", ()),
        ("感谢张女士的建议，何老师已回复", ()),
    ],
)
def test_persons_are_found_and_a_surname_alone_names_nobody(text: str, names: tuple[str, ...]) -> None:
    found = next(each for each in check_reply(ticket(text="路灯"), text, "") if each.label == "个人信息")
    assert found.evidence == names


def test_there_are_twenty_of_each() -> None:
    assert (len(GOOD), len(BAD)) == (20, 20)
    assert len({case.name for case in (*GOOD, *BAD)}) == 40


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_a_good_reply_is_not_called_wrong(case: Case) -> None:
    against = [(each.label, each.why, each.quote, each.evidence) for each in checked(case) if each.verdict != "fine"]
    assert [each for each in checked(case) if each.verdict == Verdict.WRONG] == [], against
    assert len(against) <= 1, against


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_reply_is_found_out_by_the_look_that_is_for_it(case: Case) -> None:
    found = [
        each
        for each in checked(case)
        if each.label == case.label and each.verdict == case.verdict and (not case.quote or each.quote == case.quote)
    ]
    assert found, [(each.label, each.verdict, each.why, each.quote, each.evidence) for each in checked(case)]
