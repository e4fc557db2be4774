"""All the bot says: courteous, plain, short."""

from collections.abc import Mapping

WELCOME = "您好，这里是12345政务服务便民热线智能客服。可以咨询办事、投诉求助、查询进度；需要人工请说“转人工”。"
GREETING = "您好！请问有什么可以帮您？您可以直接描述问题，例如“路灯坏了”“居住证怎么办”。"
THANKS = "不客气，很高兴能帮到您。还有其他需要请随时告诉我。"
SOLVED = "很高兴能帮到您。还有其他问题请随时告诉我。"
SMALL_TALK = "抱歉，我主要为您处理政务服务方面的事。请问您想咨询办事、投诉求助，还是查询进度？"
NOT_UNDERSTOOD = "抱歉，我没有完全明白。请换一种说法，或选择下面的服务。"
COOL_DOWN = "很抱歉让您不满意。您可以告诉我具体遇到了什么问题，我马上为您登记；也可以转人工。"
NOTHING_OPEN = "好的。请问还有什么可以帮您？"
NO_ANSWER = "抱歉，这个问题我没有找到有把握的答案。您可以转人工，也可以登记工单，由承办单位答复您。"
CANDIDATES = "请问您想问的是哪一项？"
CANDIDATE = "您想问的是《{title}》吗？"
RELATED = "抱歉没能解决您的问题。下面是相关的内容，您也可以转人工或登记工单。"
NO_RELATED = "抱歉没能解决您的问题。您可以转人工，也可以登记工单，由承办单位答复您。"
UNVERIFIED = "待核实"
PART_UNKNOWN = "{title}：{part}待核实，建议转人工确认。"

ASK_WHAT: Mapping[str, str] = {
    "complaint": "请说说具体情况：发生了什么、涉及谁？",
    "help": "请说说您遇到了什么困难、需要什么帮助？",
    "report": "请说说您要举报的具体情况。举报信息将严格保密。",
    "praise": "请说说您要表扬谁、做了什么？",
    "consult": "请说说您想咨询的具体问题。",
}
ASK_WHAT_AGAIN = "请再说具体一点，例如哪里、什么人、发生了什么，方便承办单位处理。"
ASK_WHERE = "请问事情发生在哪里？请说到镇街和道路（或小区），也可以发送定位。"
ASK_TOWN = "请问“{where}”在哪个镇街？"
ASK_TOWN_PLAIN = "请问在哪个镇街？"
ASK_WHEN = "请问是什么时候发生的？如“昨晚十点”“每天早上”。"
ASK_CONTACT = "请留下您的联系电话，方便承办单位与您核实；不想留也可以，结果会在这里回复您。"
ASK_CONTACT_KNOWN = "承办单位联系您时，用 {phone} 可以吗？也可以发送其他号码。"
ASK_CONTACT_GUARDED = "请问是否留下联系电话，方便核查时与您核实？您的信息将严格保密；可以匿名、不留电话。"
PHONE_WRONG = "这个号码好像不对，请检查后再发一次，或选择不留电话。"
READ_BACK = "请核对登记内容：\n{lines}\n{unit}\n确认无误请选“确认提交”。"
GOES_TO = "将交由：{unit}"
GOES_TO_DISPATCHER = "由分办员确定承办单位"
ASK_PART = "请问要修改哪一项？"
ASK_NEW: Mapping[str, str] = {
    "what": "请重新描述具体情况。",
    "where": "请说正确的地点。",
    "when": "请说正确的时间。",
    "contact": "请发送正确的联系电话。",
    "kind": "请问属于哪一类？",
}
CANCELLED = "好的，本次登记已取消，没有提交。还有其他需要请随时告诉我。"
PHOTO_KEPT = "收到，已为您保存。"
ASK_ABOUT_PHOTO = "收到，已为您保存。请用一句话说明是什么事、在哪里，我为您登记。"
PHOTO_JOINED = "收到，已补充到工单 {number}。"
PHOTO_NOT_JOINED = "工单 {number} 目前不能再补充材料，照片已为您保存。如需另行登记，请用一句话说明是什么事、在哪里。"
BACK_TO = "我们继续刚才的登记。"

OPENED = "已为您登记。\n工单号：{number}\n查询码：{code}\n{unit}\n{due}\n点击链接可查看进度、补充材料或撤回。"
OPENED_UNIT = "承办单位：{unit}"
OPENED_NO_UNIT = "承办单位：正在由分办员核定"
OPENED_DUE = "答复期限：{due}前"
NOT_OPENED: Mapping[str, str] = {
    "text": "登记内容还不完整，请再说说具体情况。",
    "place": "登记内容还缺地点，请说说在哪里。",
    "contact": "登记内容还缺联系方式，请留下联系电话。",
}
NOT_OPENED_PLAIN = "抱歉，暂时没能登记成功，正在为您转接人工。"

ASK_SUGGESTION = "谢谢您为城市建言。请说说您的建议。"
SUGGESTION_BACK = "您的建议是：\n{text}\n确认提交吗？"
SUGGESTION_OPENED = "谢谢您的建议，已登记，编号 {number}。采纳情况会及时告诉您。"

ASK_NUMBER = "没有查到您在这里登记的工单。请发送工单号和查询码，例如“工单号 查询码”；也可以转人工。"
ASK_CODE = "请再发送该工单的6位查询码。"
NUMBER_WRONG = "没有查到这张工单，请核对工单号和查询码后再试，或转人工。"
PROGRESS = "您的工单进度："
PROGRESS_LINE = "{number}（{title}）：{state}{unit}{due}"
URGED = "已为您催办工单 {number}，承办单位会收到提醒。"
NOT_URGED = "工单 {number} 目前不能催办：可能刚催过，或已办结。"
ASK_WHICH = "请问要催办哪一张工单？"
WITHDRAW = "请打开下面的工单链接，选择“撤回”并说明原因。"
SUPPLEMENT = "请打开下面的工单链接，可以补充说明和照片。"
RATE = "谢谢您的反馈。请打开下面的工单链接评价，您的评价会直接影响办理结果的审核。"
ASK_VOTE = "您对工单 {number}（{title}）的答复是否满意？请选择，也可以打开下面的链接评价。"
RATED = "谢谢您的评价，已记录：工单 {number}，{score}。如需修改或补充，请打开下面的工单链接。"
RATED_BADLY = "已记录您的评价：工单 {number}，{score}。很抱歉没有让您满意，我们会安排回访，了解情况后继续跟进。"
NOT_RATED = "工单 {number} 的情况刚刚有变化，请打开下面的链接查看并评价。"
NO_TICKET_TO_RATE = "谢谢您的反馈。目前没有等待您评价的工单。"

PERSON, REGISTER, SOLVED_WORD, UNSOLVED_WORD = "转人工", "登记工单", "解决了", "没解决"
SUBMIT, CHANGE, CANCEL, NONE_OF_THESE = "确认提交", "修改", "取消", "都不是"
YES, NO = "是的", "不是"
NO_PHONE, USE_KNOWN = "不留电话", "用{phone}"
WHEN_CHOICES = ("刚刚", "今天", "昨天", "持续多日")
SERVICES = ("我要咨询", "我要投诉", "我要求助", "查进度", PERSON)
PART_NAMES: Mapping[str, str] = {"kind": "类型", "what": "内容", "where": "地点", "when": "时间", "contact": "联系电话"}
KIND_NAMES: Mapping[str, str] = {
    "complaint": "投诉",
    "help": "求助",
    "report": "举报",
    "praise": "表扬",
    "consult": "咨询",
}
ENTRY_PARTS: Mapping[str, str] = {
    "materials": "所需材料",
    "place": "办理地点",
    "hours": "办理时间",
    "phone": "咨询电话",
    "fee": "费用",
    "limit": "办理时限",
    "online": "网上办理",
    "basis": "依据",
}
