"""Whether a reply hands on, or promises to hand on, what is personal: another's data to whoever asked, or theirs to
those it is about."""

import re
from collections.abc import Iterator

_CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")
_DATA = (
    r"(?:真实|个人|家庭|具体|所有|全部|相关|基本|注册|登记)*(?:姓名|名字|身份(?:信息|证(?:号码?|件|复印件)?)?|(?:联系|手机)?(?:电话|号码|手机号?)(?:号码)?|"
    r"联系方式|微信号?|住址|住处|地址|门牌号?|信息|资料|病历|银行(?:卡号?|账[号户])|车牌号?码?)"
)
# Whose data they are without doubt; the others may as well be told something, unless it is said to be theirs.
_OTHERS = (
    r"(?:对方|(?:举报|投诉|反映|来电|诉求|检举)(?:人|者)|邻居|他人|别人|其他(?:市民|业主|住户|人)|"
    r"肇事者|涉事(?:人员?|者|司机))"
)
_OWNERS = (
    r"(?:当事人|(?:该|此|涉事|楼上|楼下|隔壁)?(?:业主(?!委|大会|代表)|住户|租客|租户|房东|车主|店主|"
    r"男子|女子|市民|居民|司机|员工|老板))"
)
_OF_OTHERS = rf"(?:{_OTHERS}的?|{_OWNERS}的){_DATA}"
_GIVE = r"(?:提供|告知|告诉|转告|转交|转给|发送|发给|交给|透露|公布|公开|披露|泄露|给到|给)"
_YOURS = rf"(?:您|你)的?{_DATA}"
# Those a matter is about; whoever handles it has to know whom to call.
_ABOUT = (
    r"(?:对方|被(?:投诉|举报|反映|检举)(?:人|方|者|单位|对象|企业)?|物业(?:公司)?|商[家户]|店[家主]|卖家|开发商|房东|老板|经营者|涉事(?:企业|单位|公司)|"
    r"该(?:公司|企业|单位|店|厂)|邻居|(?:楼上|楼下)(?:住户|业主))"
)
_HANDS_ON = re.compile(
    rf"{_GIVE}(?:给)?(?:您|你|贵方)?[^的]{{0,4}}?{_OF_OTHERS}|{_OF_OTHERS}[^的]{{0,8}}?{_GIVE}|"
    rf"{_YOURS}[^的]{{0,6}}?{_GIVE}(?:给|至|到)?(?:了)?{_ABOUT}|(?:向|给|对){_ABOUT}[^的]{{0,6}}?{_GIVE}了?{_YOURS}"
)
_NO = r"(?:不(?:能|会|便|得|宜|予|可|应|可以|方便)?|无法|未(?:曾|能)?|没有|无权|严禁|禁止|拒绝|切?勿|避免|防止|以免)"
_DENIED = re.compile(rf"{_NO}(?:向您|向你|随意|擅自|直接|对外|私自)*(?:将|把|向|给|再)?(?:您|你|其)?(?:的)?$")
_DENIES = re.compile(_NO)


def hands_on(text: str) -> tuple[str, ...]:
    """The words of a reply that do so; nothing for those that say it is not done."""
    return tuple(found for clause in _CLAUSE.finditer(text) for found in _handed_on(clause.group()))


def _handed_on(clause: str) -> Iterator[str]:
    for match in _HANDS_ON.finditer(clause):
        if not _DENIES.search(match.group()) and not _DENIED.search(clause[: match.start()]):
            yield match.group()
