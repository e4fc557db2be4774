"""Who may do what: roles, principals and the one table every route names a row of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kernel.errors import NotAllowed, NotSignedIn
from kernel.labels import Labelled


class Role(Labelled):
    """What a person is to the hotline."""

    AGENT = "agent", "话务员"
    SHIFT_LEAD = "shift_lead", "班长"
    DISPATCHER = "dispatcher", "分办员"
    REVIEWER = "reviewer", "审核员"
    CALLBACK = "callback", "回访员"
    EDITOR = "editor", "知识采编"
    KNOWLEDGE_REVIEWER = "knowledge_reviewer", "知识审核"
    LIAISON = "liaison", "联络员"
    HANDLER = "handler", "承办人"
    UNIT_LEADER = "unit_leader", "单位负责人"
    SUPERVISOR = "supervisor", "督办员"
    JOINT_OFFICE = "joint_office", "联席会议办公室"
    ANALYST = "analyst", "分析员"
    SUGGESTION_EDITOR = "suggestion_editor", "建言编辑"
    HALL_OPERATOR = "hall_operator", "大厅与终端运营"
    PRIVACY_OFFICER = "privacy_officer", "隐私专员"
    ADMIN = "admin", "管理员"
    AUDITOR = "auditor", "审计员"


HOTLINE_ROLES = frozenset({Role.AGENT, Role.SHIFT_LEAD, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR})
UNIT_ROLES = frozenset({Role.LIAISON, Role.HANDLER, Role.UNIT_LEADER})
STAFF = frozenset(Role)
# Who is told of what waits for them, on the ways they choose.
NOTIFIED = UNIT_ROLES | {
    *(Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR, Role.JOINT_OFFICE, Role.PRIVACY_OFFICER)
}
# What people of a contractor may be: they answer and call, or mind the machines; they do not decide.
OUTSOURCED_ROLES = frozenset({Role.AGENT, Role.CALLBACK, Role.ADMIN})


class Kind(StrEnum):
    """How the program knows a principal."""

    GUEST = "guest"
    CITIZEN = "citizen"
    LINK = "link"
    STAFF = "staff"
    SYSTEM = "system"
    KEY = "key"


class KeyScope(Labelled):
    """What another program may do under an API key."""

    OPEN311_POST = "open311.post", "Open311 提交"
    OPEN311_READ = "open311.read", "Open311 跟踪本方提交"
    UNIT_READ = "unit.read", "读取本单位工单"
    UNIT_ACT = "unit.act", "办理本单位工单"
    CALLS_POST = "calls.post", "报送来电记录"


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever asks. ``unit`` is a member unit's code; ``link`` the ticket a signed tracking link opens; ``login`` the
    account of a member of staff; ``scopes`` what an API key is for. ``renew``: the password is another's choice and has
    to be replaced before anything else."""

    kind: Kind
    id: str = ""
    name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    unit: str = ""
    link: str = ""
    login: str = ""
    scopes: frozenset[KeyScope] = field(default_factory=frozenset)
    renew: bool = False

    def has(self, *roles: Role) -> bool:
        """Whether any of ``roles`` is held."""
        return not self.roles.isdisjoint(roles)


GUEST = Principal(Kind.GUEST)
SYSTEM = Principal(Kind.SYSTEM, id="system", name="系统")


class Scope(StrEnum):
    """How far a permission reaches."""

    ANY = "any"
    OWN_UNIT = "own_unit"
    OWN = "own"


class May(StrEnum):
    """What can be permitted; every route names one."""

    READ_SITE = "site.read"
    CHAT = "chat.use"
    CALL_HOOK = "hook.call"
    SIGN_IN = "session.open"
    USE_OWN_SESSION = "session.own"
    ASK_KNOWLEDGE = "knowledge.ask"
    READ_KNOWLEDGE = "knowledge.read"
    EDIT_KNOWLEDGE = "knowledge.edit"
    REVIEW_KNOWLEDGE = "knowledge.review"
    SEE_VERSIONS = "knowledge.versions"
    CURATE_KNOWLEDGE = "knowledge.curate"
    TRACK_TICKET = "ticket.track"
    FIND_OWN_TICKET = "ticket.find_own"
    RATE_BY_LINK = "ticket.rate_by_link"
    READ_TICKET = "ticket.read"
    OPEN_TICKET = "ticket.open"
    ACT_ON_TICKET = "ticket.act"
    ASK_REQUEST = "ticket.request"
    DECIDE_REQUEST = "ticket.decide"
    UNMASK_TICKET = "ticket.unmask"
    CALL_CITIZEN = "ticket.call"
    DISPATCH = "ticket.dispatch"
    WORK_DESK = "desk.work"
    UNMASK_TALK = "talk.unmask"
    LEAD_DESK = "desk.lead"
    READ_DIRECTORY = "directory.read"
    MANAGE_DIRECTORY = "directory.manage"
    MANAGE_STAFF = "staff.manage"
    MAKE_SUGGESTION = "suggestion.make"
    READ_SUGGESTIONS = "suggestion.read"
    MANAGE_SUGGESTIONS = "suggestion.manage"
    WATCH_LIVE = "live.watch"
    READ_FIGURES = "figures.read"
    READ_BOT_REPORT = "figures.bot"
    READ_JOURNAL = "journal.read"
    READ_SYSTEM = "system.read"
    READ_FILE = "file.read"
    MANAGE_LIMITS = "limits.manage"
    MANAGE_CALENDAR = "calendar.manage"
    USE_OWN_NOTICES = "notices.own"
    DECIDE_SPANS = "privacy.spans"
    READ_LOOKS = "privacy.looks"
    GUARD_PRIVACY = "privacy.guard"
    USE_OPEN311 = "open311.use"
    TELL_CALLS = "calls.tell"
    MANAGE_KEYS = "key.manage"
    MANAGE_WEBHOOKS = "webhook.manage"
    WATCH_WALL = "wall.watch"
    JUDGE_BOT = "bot.judge"
    INSPECT_REPLIES = "reply.inspect"
    READ_OWN_INSPECTIONS = "reply.own_inspections"
    READ_PRECEDENTS = "precedent.read"
    RULE_DISPUTE = "dispute.rule"
    SET_APPROVAL = "unit.approval"
    SAY_ABSENCE = "absence.own"
    SEE_UNREACHED = "unit.unreached"
    ATTEND_TICKET = "ticket.attend"
    MANAGE_WORDS = "words.manage"
    MANAGE_TEXTS = "texts.manage"
    MANAGE_CATALOGUE = "catalogue.manage"


def _any(*roles: Role) -> dict[Role, Scope]:
    return dict.fromkeys(roles, Scope.ANY)


def _own_unit(*roles: Role) -> dict[Role, Scope]:
    return dict.fromkeys(roles, Scope.OWN_UNIT)


PUBLIC: frozenset[May] = frozenset(
    {
        May.READ_SITE,
        May.CHAT,
        May.CALL_HOOK,
        May.SIGN_IN,
        May.ASK_KNOWLEDGE,
        May.FIND_OWN_TICKET,
        May.RATE_BY_LINK,
        May.MAKE_SUGGESTION,
        May.READ_SUGGESTIONS,
        May.READ_FILE,
        May.USE_OPEN311,
        May.TELL_CALLS,
    }
)

# Leaders do what their unit's officers do only while they stand in for one: the room that knows of absences sees to it.
STANDING_IN = {Role.UNIT_LEADER: Scope.OWN}

PERMISSIONS: Mapping[May, Mapping[Role, Scope]] = {
    May.USE_OWN_SESSION: dict.fromkeys(STAFF, Scope.OWN),
    May.READ_KNOWLEDGE: _any(*STAFF),
    May.EDIT_KNOWLEDGE: _any(Role.EDITOR, Role.ADMIN) | _own_unit(Role.LIAISON),
    May.REVIEW_KNOWLEDGE: _any(Role.KNOWLEDGE_REVIEWER, Role.ADMIN) | _own_unit(Role.UNIT_LEADER),
    May.SEE_VERSIONS: _any(Role.EDITOR, Role.KNOWLEDGE_REVIEWER, Role.ADMIN)
    | _own_unit(Role.LIAISON, Role.UNIT_LEADER),
    May.CURATE_KNOWLEDGE: _any(Role.EDITOR, Role.ADMIN),
    May.TRACK_TICKET: {},
    May.READ_TICKET: _any(*HOTLINE_ROLES, Role.JOINT_OFFICE, Role.PRIVACY_OFFICER, Role.AUDITOR)
    | _own_unit(*UNIT_ROLES),
    May.OPEN_TICKET: _any(Role.AGENT, Role.SHIFT_LEAD, Role.DISPATCHER),
    May.ACT_ON_TICKET: _any(*HOTLINE_ROLES, Role.JOINT_OFFICE) | _own_unit(*UNIT_ROLES),
    May.ASK_REQUEST: _own_unit(*UNIT_ROLES),
    May.DECIDE_REQUEST: _any(Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR, Role.JOINT_OFFICE),
    May.UNMASK_TICKET: _any(Role.AGENT, Role.SHIFT_LEAD, Role.CALLBACK, Role.SUPERVISOR, Role.PRIVACY_OFFICER)
    | _own_unit(Role.LIAISON, Role.HANDLER)
    | STANDING_IN,
    May.CALL_CITIZEN: _any(Role.AGENT, Role.SHIFT_LEAD, Role.CALLBACK, Role.SUPERVISOR)
    | _own_unit(Role.LIAISON, Role.HANDLER)
    | STANDING_IN,
    May.DISPATCH: _any(Role.DISPATCHER, Role.SUPERVISOR),
    May.WORK_DESK: _any(Role.AGENT, Role.SHIFT_LEAD),
    May.UNMASK_TALK: _any(Role.AGENT, Role.SHIFT_LEAD),
    May.LEAD_DESK: _any(Role.SHIFT_LEAD, Role.SUPERVISOR),
    May.READ_DIRECTORY: _any(*STAFF),
    May.MANAGE_DIRECTORY: _any(Role.ADMIN),
    May.MANAGE_STAFF: _any(Role.ADMIN),
    May.MANAGE_SUGGESTIONS: _any(Role.SUGGESTION_EDITOR, Role.ADMIN) | _own_unit(*UNIT_ROLES),
    May.WATCH_LIVE: _any(*(STAFF - UNIT_ROLES)) | _own_unit(*UNIT_ROLES),
    May.READ_BOT_REPORT: _any(
        Role.EDITOR,
        Role.KNOWLEDGE_REVIEWER,
        Role.ANALYST,
        Role.SUPERVISOR,
        Role.SHIFT_LEAD,
        Role.ADMIN,
        Role.AUDITOR,
    ),
    May.READ_FIGURES: _any(Role.ANALYST, Role.SUPERVISOR, Role.SHIFT_LEAD, Role.ADMIN, Role.AUDITOR)
    | _own_unit(Role.UNIT_LEADER),
    May.READ_JOURNAL: _any(Role.AUDITOR, Role.SUPERVISOR),
    May.READ_SYSTEM: _any(Role.ADMIN),
    May.MANAGE_LIMITS: _any(Role.ADMIN),
    May.MANAGE_CALENDAR: _any(Role.ADMIN),
    May.USE_OWN_NOTICES: dict.fromkeys(NOTIFIED, Scope.OWN),
    May.DECIDE_SPANS: _any(Role.DISPATCHER, Role.PRIVACY_OFFICER),
    May.READ_LOOKS: _any(Role.PRIVACY_OFFICER, Role.AUDITOR),
    May.GUARD_PRIVACY: _any(Role.PRIVACY_OFFICER),
    May.MANAGE_KEYS: _any(Role.ADMIN),
    May.MANAGE_WEBHOOKS: _any(Role.ADMIN),
    May.WATCH_WALL: _any(Role.SUPERVISOR, Role.JOINT_OFFICE, Role.SHIFT_LEAD),
    May.JUDGE_BOT: _any(Role.EDITOR, Role.KNOWLEDGE_REVIEWER, Role.SUPERVISOR),
    May.INSPECT_REPLIES: _any(Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR),
    May.READ_OWN_INSPECTIONS: _own_unit(*UNIT_ROLES),
    May.READ_PRECEDENTS: _any(*HOTLINE_ROLES, Role.JOINT_OFFICE, Role.ADMIN, Role.AUDITOR),
    May.RULE_DISPUTE: _any(Role.SUPERVISOR, Role.JOINT_OFFICE),
    May.SET_APPROVAL: _any(Role.ADMIN) | _own_unit(*UNIT_ROLES),
    May.SAY_ABSENCE: dict.fromkeys(UNIT_ROLES, Scope.OWN),
    May.SEE_UNREACHED: _any(Role.SUPERVISOR, Role.JOINT_OFFICE, Role.SHIFT_LEAD, Role.ADMIN),
    May.ATTEND_TICKET: _any(*HOTLINE_ROLES, Role.JOINT_OFFICE) | _own_unit(*UNIT_ROLES),
    May.MANAGE_WORDS: _any(Role.ADMIN),
    May.MANAGE_TEXTS: _any(Role.ADMIN),
    May.MANAGE_CATALOGUE: _any(Role.ADMIN),
}

# A key acts for its unit and never reaches further; what it posts to Open311 or tells of calls is checked there.
KEY_PERMISSIONS: Mapping[KeyScope, frozenset[May]] = {
    KeyScope.OPEN311_POST: frozenset(),
    KeyScope.OPEN311_READ: frozenset(),
    KeyScope.CALLS_POST: frozenset(),
    KeyScope.UNIT_READ: frozenset({May.READ_TICKET, May.MANAGE_WEBHOOKS}),
    KeyScope.UNIT_ACT: frozenset({May.READ_TICKET, May.ACT_ON_TICKET, May.ASK_REQUEST}),
}
UNIT_SCOPES = frozenset({KeyScope.UNIT_READ, KeyScope.UNIT_ACT})


def allow(principal: Principal, may: May) -> Scope:
    """How far ``principal`` may do ``may``; raises NotSignedIn or NotAllowed."""
    if principal.kind is Kind.SYSTEM:
        return Scope.ANY
    if may is May.TRACK_TICKET and principal.kind is Kind.LINK:
        return Scope.OWN
    if may in PUBLIC:
        return Scope.OWN if principal.kind in {Kind.GUEST, Kind.CITIZEN, Kind.LINK, Kind.KEY} else Scope.ANY
    if principal.kind is Kind.KEY:
        return _allow_key(principal, may)
    if principal.kind is not Kind.STAFF:
        raise NotSignedIn
    if principal.renew and may is not May.USE_OWN_SESSION:
        raise NotAllowed("password_to_renew")
    granted = PERMISSIONS.get(may, {})
    reach = {granted[role] for role in principal.roles if role in granted}
    for scope in (Scope.ANY, Scope.OWN_UNIT, Scope.OWN):
        if scope in reach:
            return scope
    raise NotAllowed(may=may.value)


def allowing(principal: Principal, may: May) -> Role | None:
    """The role by which ``principal`` may do ``may`` as far as they may, the first of several; None where it is by
    none, or not at all."""
    granted = PERMISSIONS.get(may, {})
    held = [role for role in Role if role in principal.roles and role in granted]
    order = (Scope.ANY, Scope.OWN_UNIT, Scope.OWN)
    return min(held, key=lambda role: order.index(granted[role]), default=None)


def _allow_key(principal: Principal, may: May) -> Scope:
    if principal.unit and any(may in KEY_PERMISSIONS[scope] for scope in principal.scopes):
        return Scope.OWN_UNIT
    raise NotAllowed(may=may.value)
