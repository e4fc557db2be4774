"""All the bot says: courteous, plain, short."""

from collections.abc import Mapping

from kernel.phrases import Phrase

WELCOME = Phrase(
    "bot.welcome", "您好，这里是12345政务服务便民热线智能客服。可以咨询办事、投诉求助、查询进度；需要人工请说“转人工”。"
)
GREETING = Phrase("bot.greeting", "您好！请问有什么可以帮您？您可以直接描述问题，例如“路灯坏了”“居住证怎么办”。")
THANKS = Phrase("bot.thanks", "不客气，很高兴能帮到您。还有其他需要请随时告诉我。")
SOLVED = Phrase("bot.solved", "很高兴能帮到您。还有其他问题请随时告诉我。")
SMALL_TALK = Phrase(
    "bot.small_talk", "抱歉，我主要为您处理政务服务方面的事。请问您想咨询办事、投诉求助，还是查询进度？"
)
WORDLESS = Phrase("bot.wordless", "收到。请用一句话说说是什么事、在哪里，我为您查询或登记；需要人工请说“转人工”。")
NOT_UNDERSTOOD = Phrase("bot.not_understood", "抱歉，我没有完全明白。请换一种说法，或选择下面的服务。")
COOL_DOWN = Phrase("bot.cool_down", "很抱歉让您不满意。您可以告诉我具体遇到了什么问题，我马上为您登记；也可以转人工。")
NOTHING_OPEN = Phrase("bot.nothing_open", "好的。请问还有什么可以帮您？")
COMPOSED = Phrase("bot.composed", "{answer}\n（以上按条目整理，以条目原文为准）")
NO_ANSWER = Phrase(
    "bot.no_answer", "抱歉，这个问题我没有找到有把握的答案。您可以转人工，也可以登记工单，由承办单位答复您。"
)
NO_ANSWER_PART = Phrase("bot.no_answer_part", "关于“{question}”，我没有找到有把握的答案，已记下；需要可以转人工。")
CANDIDATES = Phrase("bot.candidates", "请问您想问的是哪一项？")
CANDIDATES_BESIDE = Phrase("bot.candidates_beside", "请问您想问的是哪一项？也可以继续刚才的登记。")
CANDIDATE = Phrase("bot.candidate", "您想问的是《{title}》吗？")
RELATED = Phrase("bot.related", "抱歉没能解决您的问题。下面是相关的内容，您也可以转人工或登记工单。")
NO_RELATED = Phrase("bot.no_related", "抱歉没能解决您的问题。您可以转人工，也可以登记工单，由承办单位答复您。")
UNVERIFIED = "待核实"
PART_UNKNOWN = Phrase("bot.part_unknown", "{title}：{part}待核实，建议转人工确认。")

FOR_WHOM = "“{who}”的情况"
NO_ANSWER_NOW = Phrase("bot.no_answer_now", "这个问题我没有找到有把握的答案，已记下；登记完可以转人工问清楚。")

ASK_WHAT: Mapping[str, Phrase] = {
    "complaint": Phrase("bot.ask_what.complaint", "请说说具体情况：发生了什么、涉及谁？"),
    "help": Phrase("bot.ask_what.help", "请说说您遇到了什么困难、需要什么帮助？"),
    "report": Phrase("bot.ask_what.report", "请说说您要举报的具体情况。举报信息将严格保密。"),
    "praise": Phrase("bot.ask_what.praise", "请说说您要表扬谁、做了什么？"),
    "consult": Phrase("bot.ask_what.consult", "请说说您想咨询的具体问题。"),
}
ASK_WHAT_AGAIN = Phrase("bot.ask_what_again", "请再说具体一点，例如哪里、什么人、发生了什么，方便承办单位处理。")
ASK_WHERE = Phrase("bot.ask_where", "请问事情发生在哪里？请说到镇街和道路（或小区），也可以发送定位。")
ASK_TOWN = Phrase("bot.ask_town", "请问“{where}”在哪个镇街？")
ASK_TOWN_PLAIN = Phrase("bot.ask_town_plain", "请问在哪个镇街？")
ASK_WHEN = Phrase("bot.ask_when", "请问是什么时候发生的？如“昨晚十点”“每天早上”。")
ASK_CONTACT = Phrase("bot.ask_contact", "请留下您的联系电话，方便承办单位与您核实；不想留也可以，结果会在这里回复您。")
ASK_CONTACT_KNOWN = Phrase("bot.ask_contact_known", "承办单位联系您时，用 {phone} 可以吗？也可以发送其他号码。")
ASK_CONTACT_GUARDED = Phrase(
    "bot.ask_contact_guarded", "请问是否留下联系电话，方便核查时与您核实？您的信息将严格保密；可以匿名、不留电话。"
)
PHONE_WRONG = Phrase("bot.phone_wrong", "这个号码好像不对，请检查后再发一次，或选择不留电话。")
READ_BACK = Phrase("bot.read_back", "请核对登记内容：\n{lines}\n{unit}\n确认无误请选“确认提交”。")
ALIKE = Phrase(
    "bot.alike",
    "已有{persons}人反映同一问题{about}，正在办理。要不要跟进这一件？\n选“跟进这一件”：您有自己的工单号和查询码，"
    "结果会在这里答复您；选“确认提交”：另行登记。",
)
ALIKE_OWN = Phrase(
    "bot.alike_own",
    "您{day}已反映过同一问题{about}，正在办理。要不要跟进这一件？\n选“跟进这一件”：与原来的诉求合并办理；"
    "选“确认提交”：另行登记。",
)
GOES_TO = Phrase("bot.goes_to", "将交由：{unit}")
GOES_TO_DISPATCHER = Phrase("bot.goes_to_dispatcher", "由分办员确定承办单位")
ASK_PART = Phrase("bot.ask_part", "请问要修改哪一项？")
ASK_NEW: Mapping[str, Phrase] = {
    "what": Phrase("bot.ask_new.what", "请重新描述具体情况。"),
    "where": Phrase("bot.ask_new.where", "请说正确的地点。"),
    "when": Phrase("bot.ask_new.when", "请说正确的时间。"),
    "contact": Phrase("bot.ask_new.contact", "请发送正确的联系电话。"),
    "kind": Phrase("bot.ask_new.kind", "请问属于哪一类？"),
}
CANCELLED = Phrase("bot.cancelled", "好的，本次登记已取消，没有提交。还有其他需要请随时告诉我。")
CANCELLED_ONE = Phrase("bot.cancelled_one", "好的，这一件不登记。")
ASK_SPLIT = Phrase("bot.ask_split", "您反映了{number}件事：\n{lines}\n分别登记吗？分别登记的，各有工单号和答复。")
FIRST_MATTER = Phrase("bot.first_matter", "好的，先登记：{text}")
NEXT_MATTER = Phrase("bot.next_matter", "接着登记下一件：{text}")
PHOTO_KEPT = Phrase("bot.photo_kept", "收到，已为您保存。")
ASK_ABOUT_PHOTO = Phrase("bot.ask_about_photo", "收到，已为您保存。请用一句话说明是什么事、在哪里，我为您登记。")
PHOTO_JOINED = Phrase("bot.photo_joined", "收到，已补充到工单 {number}。")
PHOTO_NOT_JOINED = Phrase(
    "bot.photo_not_joined",
    "工单 {number} 目前不能再补充材料，照片已为您保存。如需另行登记，请用一句话说明是什么事、在哪里。",
)
RESUMED = Phrase("bot.resumed", "好的，继续登记：{text}")
WAITS = Phrase("bot.waits", "您上次还有一件没有登记完：{text}。要继续请说“继续登记”，不需要了请说“不用了”。")
BACK_TO = Phrase("bot.back_to", "我们继续刚才的登记。")

OPENED = Phrase(
    "bot.opened", "已为您登记。\n工单号：{number}\n查询码：{code}\n{unit}\n{due}\n点击链接可查看进度、补充材料或撤回。"
)
FOLLOWED = Phrase(
    "bot.followed",
    "已为您跟进，与同一问题的诉求合并办理，结果会在这里答复您。\n工单号：{number}\n查询码：{code}\n"
    "点击链接可查看进度。",
)
OPENED_UNIT = Phrase("bot.opened_unit", "承办单位：{unit}")
OPENED_NO_UNIT = Phrase("bot.opened_no_unit", "承办单位：正在由分办员核定")
OPENED_DUE = Phrase("bot.opened_due", "答复期限：{due}前")
NOT_OPENED: Mapping[str, Phrase] = {
    "text": Phrase("bot.not_opened.text", "登记内容还不完整，请再说说具体情况。"),
    "place": Phrase("bot.not_opened.place", "登记内容还缺地点，请说说在哪里。"),
    "contact": Phrase("bot.not_opened.contact", "登记内容还缺联系方式，请留下联系电话。"),
}
NOT_OPENED_PLAIN = Phrase("bot.not_opened_plain", "抱歉，暂时没能登记成功，正在为您转接人工。")

ASK_SUGGESTION = Phrase("bot.ask_suggestion", "谢谢您为城市建言。请说说您的建议。")
SUGGESTION_BACK = Phrase("bot.suggestion_back", "您的建议是：\n{text}\n确认提交吗？")
SUGGESTION_OPENED = Phrase("bot.suggestion_opened", "谢谢您的建议，已登记，编号 {number}。采纳情况会及时告诉您。")

ASK_NUMBER = Phrase(
    "bot.ask_number", "没有查到您在这里登记的工单。请发送工单号和查询码，例如“工单号 查询码”；也可以转人工。"
)
ASK_CODE = Phrase("bot.ask_code", "请再发送该工单的6位查询码。")
NUMBER_WRONG = Phrase("bot.number_wrong", "没有查到这张工单，请核对工单号和查询码后再试，或转人工。")
PROGRESS = Phrase("bot.progress", "您的工单进度：\n{lines}")
PROGRESS_LINE = "{number}（{title}）：{state}{unit}{due}"
URGED = Phrase("bot.urged", "已为您催办工单 {number}，承办单位会收到提醒。")
NOT_URGED = Phrase("bot.not_urged", "工单 {number} 目前不能催办：可能刚催过，或已办结。")
ASK_WHICH: Mapping[str, Phrase] = {
    "urge": Phrase("bot.ask_which", "请问要催办哪一张工单？"),
    "withdraw": Phrase("bot.ask_which.withdraw", "请问要撤回哪一张工单？"),
    "supplement": Phrase("bot.ask_which.supplement", "请问要补充到哪一张工单？"),
}
ASK_WITHDRAW = Phrase("bot.ask_withdraw", "确认撤回工单 {number}（{title}）吗？撤回后不再办理。")
WITHDRAWN = Phrase("bot.withdrawn", "已为您撤回工单 {number}。以后有需要，随时可以再反映。")
NOT_WITHDRAWN = Phrase(
    "bot.not_withdrawn", "工单 {number} 目前不能撤回：可能已有答复或已立案。可以打开下面的链接查看，或转人工。"
)
KEPT_ON = Phrase("bot.kept_on", "好的，工单 {number} 不撤回，继续办理。")
ASK_ADDITION = Phrase("bot.ask_addition", "请说要补充到工单 {number}（{title}）的内容，也可以发照片。")
NOT_ADDED = Phrase(
    "bot.not_added", "工单 {number} 目前不能再补充。如需另行登记，请直接说是什么事、在哪里；也可以转人工。"
)
WITHDRAW = Phrase("bot.withdraw", "请打开下面的工单链接，选择“撤回”并说明原因。")
SUPPLEMENT = Phrase("bot.supplement", "请打开下面的工单链接，可以补充说明和照片。")
RATE = Phrase("bot.rate", "谢谢您的反馈。请打开下面的工单链接评价，您的评价会直接影响办理结果的审核。")
ASK_VOTE = Phrase("bot.ask_vote", "您对工单 {number}（{title}）的答复是否满意？请选择，也可以打开下面的链接评价。")
RATED = Phrase("bot.rated", "谢谢您的评价，已记录：工单 {number}，{score}。如需修改或补充，请打开下面的工单链接。")
RATED_BADLY = Phrase(
    "bot.rated_badly",
    "已记录您的评价：工单 {number}，{score}。很抱歉没有让您满意，我们会安排回访，了解情况后继续跟进。",
)
NOT_RATED = Phrase("bot.not_rated", "工单 {number} 的情况刚刚有变化，请打开下面的链接查看并评价。")
NO_TICKET_TO_RATE = Phrase("bot.no_ticket_to_rate", "谢谢您的反馈。目前没有等待您评价的工单。")

PERSON, REGISTER, SOLVED_WORD, UNSOLVED_WORD = "转人工", "登记工单", "解决了", "没解决"
SUBMIT, CHANGE, CANCEL, NONE_OF_THESE, GO_ON = "确认提交", "修改", "取消", "都不是", "继续登记"
WITHDRAW_SURE, WITHDRAW_NOT = "确认撤回", "不撤回"
GO_ON, NOT_NEEDED = "继续登记", "不用了"
SEPARATE, TOGETHER = "分别登记", "合为一件"
FOLLOW, OR_MORE = "跟进这一件", "{persons}多"
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
