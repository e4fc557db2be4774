"""Whatever may be done, every role, scope of a key and fact of a webhook has its words on the administrators' pages."""

import json
from itertools import chain

import pytest

from directory.model import AccountState
from kernel.people import PERMISSIONS, KeyScope, Role, Scope
from tests.web.conftest import WEB
from ticketing.rules.webhooks import OFFERED, TEST

TEXTS = WEB / "shared" / "i18n"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_no_right_role_state_scope_or_fact_is_without_words(language: str) -> None:
    known = set(
        chain(*(json.loads((TEXTS / f"{section}{language}.json").read_text("utf-8")) for section in ("people.", "")))
    )
    wanted = {
        *(f"may.{may.value}" for may in PERMISSIONS),
        *(f"roles.scope.{scope.value}" for scope in Scope),
        *(f"role.{role.value}" for role in Role),
        *(f"people.state.{state.value}" for state in AccountState),
        *(f"keys.scope.{scope.value}" for scope in KeyScope),
        *(f"fact.{name}" for name in (*OFFERED, TEST)),
    }
    assert wanted - known == set()


def test_the_form_of_an_account_offers_every_role() -> None:
    form = (WEB / "admin" / "user-form.js").read_text("utf-8")
    search = (WEB / "admin" / "users-pane.js").read_text("utf-8")
    assert [role for role in Role if f'"{role.value}"' not in form or f'"{role.value}"' not in search] == []
