"""What one version of an entry says that another does not, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.model import Article

LABELS: Mapping[str, str] = {
    "title": "标题",
    "variants": "其他问法",
    "short": "简要答复",
    "full": "详细答复",
    "materials": "材料",
    "place": "地点",
    "hours": "时间",
    "phone": "电话",
    "fee": "费用",
    "limit": "时限",
    "online": "网上办理",
    "basis": "依据",
    "owner": "责任单位",
    "areas": "适用区域",
    "audience": "适用对象",
    "valid_from": "生效日期",
    "valid_to": "失效日期",
    "review_due": "复核期限",
    "verified_on": "核实日期",
    "matter": "所属事项",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with what stood there before and what stands there after; empty where nothing did."""

    field: str
    label: str
    before: str
    after: str


def differences(before: Article, after: Article) -> tuple[Difference, ...]:
    """Every field that is not the same, in the order of an entry's page."""
    return tuple(
        Difference(name, label, _said(before, name), _said(after, name))
        for name, label in LABELS.items()
        if getattr(before, name) != getattr(after, name)
    )


def _said(article: Article, name: str) -> str:
    value = getattr(article, name)
    if value is None:
        return ""
    return "\n".join(value) if isinstance(value, tuple) else str(value)
