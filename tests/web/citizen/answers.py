"""Answers of the API as the citizens' pages get them."""

from typing import Any

TRACK: dict[str, Any] = {
    "number": "SL261123000318",
    "kind_label": "求助",
    "title": "东华路12号门前路灯连续三晚不亮",
    "state": "in_progress",
    "state_label": "办理中",
    "step": 2,
    "steps": ["收到", "分派", "办理", "答复", "评价"],
    "unit_name": "东区市政管理所",
    "due_at": "2026-12-01T09:30:00Z",
    "received_at": "2026-11-22T01:00:00Z",
    "remaining_text": "还剩6个工作日",
    "hops": 1,
    "timeline": [
        {"at": "2026-11-22T01:00:00Z", "label": "已收到", "note": ""},
        {"at": "2026-11-23T02:00:00Z", "label": "办理中", "note": "东区市政管理所"},
    ],
    "reply": None,
    "rating": None,
    "attachments": [],
    "text": "东华路12号门前的路灯连续三晚不亮，<b>晚上</b>看不清路。",
    "where_text": "东华路12号门前",
    "wanted": "",
    "can": ["urge", "withdraw", "add_photo"],
}
REPLY = {"text": "您好，路灯已经修好。", "basis": "", "unit_name": "东区市政管理所", "at": "2026-11-23T03:00:00Z"}
REPLIED = TRACK | {"state": "replied", "state_label": "已答复, 请评价", "step": 4, "reply": REPLY, "can": ["rate"]}
ARTICLE: dict[str, Any] = {
    "id": "permit",
    "title": "居住证到期怎么办理签注",
    "short": "请在到期前到居住地的受理点办理签注。",
    "full": "",
    "materials": ["居住证", "本人身份证明"],
    "place": "",
    "hours": "",
    "phone": "",
    "fee": "不收费",
    "limit": "",
    "online": "",
    "basis": ["《居住证暂行条例》"],
    "areas": [],
    "area_names": [],
    "audience": "",
    "owner": "GA",
    "owner_name": "市公安局",
    "verified_on": "2026-10-12",
    "valid_to": None,
    "unverified": ["place", "hours", "phone", "limit", "online"],
}
SUGGESTION = {
    "number": "JY1",
    "title": "公园增设母婴室",
    "text": "周末人多，希望增设母婴室。",
    "area": "1",
    "area_name": "东区",
    "state": "published",
    "state_label": "公开讨论",
    "supports": 3,
    "published_at": "2026-11-20T02:00:00Z",
    "unit_name": "",
    "decision": {"reason": "", "basis": "", "plan": "", "cost": "", "period": ""},
}
