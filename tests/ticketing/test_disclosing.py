"""A reply that hands personal data on, or promises to, is found; one that declines to is not."""

import pytest

from ticketing.rules.disclosing import hands_on

HANDS_ON = [
    "您好，我们会把对方的电话提供给您，请自行联系。",
    "已将举报人姓名告知物业。",
    "已将您的联系方式提供给商家，请等待。",
    "可向您提供邻居的住址",
    "已告知您楼上业主的手机号码",
    "我们已向物业公司提供了您的个人信息",
    "将尽快把当事人的身份证号码发给您",
    "已将您的电话告知被投诉人",
    "已提供车主的车牌号码给您",
    "已把投诉人的信息转给涉事公司",
    "因无法调解已将对方的电话提供给您",
    "未能达成一致，故将对方的联系方式告知您",
]
KEEPS = [
    "已将您的联系方式转交承办人员与您联系",
    "不便提供对方的联系方式",
    "我们不会把您的电话提供给商家",
    "对方的电话不便提供",
    "无法向您提供邻居的住址",
    "严禁将举报人信息透露给企业",
    "举报人信息依法保密",
    "已告知您业主委员会的联系电话",
    "如有疑问请拨打咨询电话0757-12345678",
    "已告知当事人整改要求",
    "已告知当事人咨询电话",
    "请您提供身份证复印件",
    "请提供您的电话",
    "已向您公布收费信息",
    "已在现场公布监督电话",
    "请向物业提供您的房产证资料",
    "已通知房东提供维修服务",
    "停车场已公布车主须知",
]


@pytest.mark.parametrize("text", HANDS_ON)
def test_data_that_are_handed_on_are_found(text: str) -> None:
    found = hands_on(text)
    assert found
    assert all(each in text for each in found)


@pytest.mark.parametrize("text", KEEPS)
def test_what_is_kept_or_nobodys_is_not(text: str) -> None:
    assert hands_on(text) == ()
