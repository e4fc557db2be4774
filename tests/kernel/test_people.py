"""The table of who may do what."""

from dataclasses import replace

import pytest

from kernel.errors import NotAllowed, NotSignedIn
from kernel.people import (
    GUEST,
    KEY_PERMISSIONS,
    OUTSOURCED_ROLES,
    PERMISSIONS,
    PUBLIC,
    SYSTEM,
    UNIT_ROLES,
    KeyScope,
    Kind,
    May,
    Principal,
    Role,
    Scope,
    allow,
)


def staff(*roles: Role, unit: str = "") -> Principal:
    return Principal(Kind.STAFF, "s1", "某某", frozenset(roles), unit=unit)


CITIZEN = Principal(Kind.CITIZEN, "c1")
LINK = Principal(Kind.LINK, "link:FS1", link="FS1")


def test_every_permission_has_a_row_or_is_public() -> None:
    assert set(PERMISSIONS) | PUBLIC == set(May)
    assert set(PERMISSIONS) & PUBLIC == set()


@pytest.mark.parametrize("may", sorted(set(May) - PUBLIC))
@pytest.mark.parametrize("principal", [GUEST, CITIZEN], ids=["guest", "citizen"])
def test_a_stranger_may_do_nothing_that_is_not_public(principal: Principal, may: May) -> None:
    with pytest.raises(NotSignedIn):
        allow(principal, may)


@pytest.mark.parametrize("may", sorted(set(May) - PUBLIC - {May.TRACK_TICKET}))
def test_a_tracking_link_opens_nothing_but_its_ticket(may: May) -> None:
    with pytest.raises(NotSignedIn):
        allow(LINK, may)


def test_a_tracking_link_opens_its_ticket() -> None:
    assert allow(LINK, May.TRACK_TICKET) is Scope.OWN


@pytest.mark.parametrize("may", sorted(PERMISSIONS))
def test_staff_may_do_exactly_what_their_row_says(may: May) -> None:
    for role in Role:
        granted = PERMISSIONS[may].get(role)
        if granted is None:
            with pytest.raises(NotAllowed) as refused:
                allow(staff(role), may)
            assert not isinstance(refused.value, NotSignedIn)
        else:
            assert allow(staff(role), may) is granted


def test_the_widest_of_several_roles_counts() -> None:
    assert allow(staff(Role.HANDLER, Role.DISPATCHER), May.READ_TICKET) is Scope.ANY
    assert allow(staff(Role.HANDLER), May.READ_TICKET) is Scope.OWN_UNIT


def test_somebody_without_a_role_may_only_what_is_public() -> None:
    assert allow(staff(), May.READ_SITE) is Scope.ANY
    with pytest.raises(NotAllowed):
        allow(staff(), May.READ_TICKET)


@pytest.mark.parametrize("may", sorted(May))
def test_the_system_may_do_everything(may: May) -> None:
    assert allow(SYSTEM, may) is Scope.ANY


def test_unit_staff_never_see_the_tickets_of_other_units() -> None:
    tickets = [May.READ_TICKET, May.ACT_ON_TICKET, May.ASK_REQUEST, May.UNMASK_TICKET, May.WATCH_LIVE]
    for may in tickets:
        for role in UNIT_ROLES & set(PERMISSIONS[may]):
            assert PERMISSIONS[may][role] in {Scope.OWN_UNIT, Scope.OWN}


KEY = Principal(Kind.KEY, "key:1", "系统", unit="U1", scopes=frozenset(KeyScope))


@pytest.mark.parametrize("may", sorted(set(May) - PUBLIC))
def test_a_key_acts_for_its_unit_and_never_further(may: May) -> None:
    if any(may in granted for granted in KEY_PERMISSIONS.values()):
        assert allow(KEY, may) is Scope.OWN_UNIT
    with pytest.raises(NotAllowed):
        allow(replace(KEY, unit=""), may)


def test_a_key_unmasks_nobody_and_manages_no_keys() -> None:
    for may in (May.UNMASK_TICKET, May.MANAGE_KEYS, May.DECIDE_REQUEST, May.DISPATCH, May.MANAGE_STAFF):
        with pytest.raises(NotAllowed):
            allow(KEY, may)


def test_a_key_that_reads_does_not_act() -> None:
    reads = replace(KEY, scopes=frozenset({KeyScope.UNIT_READ}))
    assert allow(reads, May.READ_TICKET) is Scope.OWN_UNIT
    for may in (May.ACT_ON_TICKET, May.ASK_REQUEST):
        with pytest.raises(NotAllowed):
            allow(reads, may)
    posts = replace(KEY, scopes=frozenset({KeyScope.OPEN311_POST}))
    with pytest.raises(NotAllowed):
        allow(posts, May.READ_TICKET)


@pytest.mark.parametrize("may", sorted(set(May) - PUBLIC))
def test_under_a_given_password_nothing_is_done_but_choosing_another(may: May) -> None:
    everything = replace(staff(*Role, unit="U1"), renew=True)
    if may is May.USE_OWN_SESSION:
        assert allow(everything, may) is Scope.OWN
        return
    with pytest.raises(NotAllowed) as refused:
        allow(everything, may)
    assert refused.value.code == "password_to_renew"


def test_a_contractors_people_decide_nothing() -> None:
    """Domain 7.12: agents, call-backs and information technology only."""
    decides = (May.DISPATCH, May.DECIDE_REQUEST, May.RULE_DISPUTE, May.LEAD_DESK, May.REVIEW_KNOWLEDGE)
    for role in OUTSOURCED_ROLES - {Role.ADMIN}:
        for may in decides:
            assert role not in PERMISSIONS[may]
    assert {Role.AGENT, Role.CALLBACK, Role.ADMIN} == OUTSOURCED_ROLES
