"""Where people say their name in a text: 我叫张三, 姓名：李四, 我是王小明，…"""

import re

from kernel.chinese import is_ordinary_word
from kernel.masking import COMPOUND_SURNAMES

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施牛葛洪乔安庄倪殷邢岳齐翟樊章伍尤骆游阮柯冼区霍招麦关庞简邝伦劳岑欧卓詹甘植纪祝管辛盛梅柳童左"
    "饶符凌涂穆池苗尚焦艾古连危仇柴蒙鲍华俞冉靳滕聂丛路解谷车耿桂费宁闵蓝佘幸傅翁成候明丘曲褚"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭葉蘇呂盧鐘鍾譚陸範賈韋鄒龍賀顧龔萬錢嚴湯溫莊齊駱區麥關龐簡鄺倫勞歐陽"
)
_NOT_IN_NAMES = frozenset(
    "的了在去来到是不没有也都就会要过给被把和与吗呢吧啊呀们个这那很太上下里外人民工生员户主者师长家客妈爸村镇区市县街路队厂店今"
)
_PAUSE = r"$|[\s，。,.;；！!？?、:：()（）“”\"'、]"
# After the plain words a pause or what people say next ends the name; 我是 says so many other things that only a
# pause does.
SAID_PLAINLY = re.compile(
    r"(?:我叫|名叫|(?:名字|姓名)(?:是|叫|为|[:：\s])"
    r"|(?:联系人|投诉人|举报人|申请人|当事人|来电人|反映人)(?:是|[:：\s]))"
    rf"[:：\s]{{0,3}}(?P<value>[\u4e00-\u9fff]{{2,4}}?)"
    rf"(?={_PAUSE}|住|家住|家在|电话|手机|身份|联系|今年|是|来自|想|要|在|的|号码|我|男|女|[0-9])"
)
SAID_IN_PASSING = re.compile(
    rf"(?:我是|我係|我系|本人)[:：\s]{{0,3}}(?P<value>[\u4e00-\u9fff]{{2,4}}?)"
    rf"(?={_PAUSE}|住在|家住|电话|手机|身份证|[0-9])"
)


def is_name(found: re.Match[str]) -> bool:
    """The value begins with a surname, and the rest may be a given name."""
    name = found.group("value")
    is_compound = name[:2] in COMPOUND_SURNAMES
    given = name[2:] if is_compound else name[1:]
    if not is_compound and name[0] not in SURNAMES:
        return False
    return 1 <= len(given) <= 2 and not set(given) & _NOT_IN_NAMES


def is_name_and_no_word(found: re.Match[str]) -> bool:
    """As ``is_name``, but no word of the dictionary (我是程序员) and no place it was taught."""
    return is_name(found) and not is_ordinary_word(found.group("value"))
