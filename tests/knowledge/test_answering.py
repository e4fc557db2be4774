"""From hits to an answer: what may be quoted, when the citizen chooses, what is never shown."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from knowledge.model import Answer, Article, ArticleState, Found, Query, Verdict
from knowledge.rules.answering import Thresholds, confidence, decide, serves
from knowledge.rules.matching import Fit, Lexicon, profile
from knowledge.wordlists import read_wording
from tests.knowledge.entries import DOGS, ENTRIES, FUND, ID_LOST, ID_RENEW, RENTAL, RESIDENCE, published
from tests.knowledge.small_city import CITY, EAST, PINE, STONE, WEST

TODAY = date(2026, 3, 16)
THRESHOLDS = Thresholds(answer=0.62, unsure=0.35)
WORDING = read_wording()
LINEAGES = {CITY: (CITY,), EAST: (CITY, EAST), WEST: (CITY, WEST), PINE: (CITY, EAST, PINE), STONE: (CITY, WEST, STONE)}


def ask(
    question: str, articles: Iterable[Article] = ENTRIES, area: str = "", audience: str = "", limit: int = 5
) -> Answer:
    """The answer when the engine finds every entry, those that share most letters first."""
    known = {each.id: published(each) if each.state is ArticleState.DRAFT else each for each in articles}
    lexicon = Lexicon(WORDING, {each.id: profile(each, WORDING, frozenset()) for each in known.values()})
    query = Query(question, LINEAGES[area] if area else (), audience=audience, limit=limit)
    plain = WORDING.plain(question)
    shared = {id_: len(set(plain) & set(WORDING.plain(a.title + "".join(a.variants)))) for id_, a in known.items()}
    found = [Found(id_, float(count)) for id_, count in sorted(shared.items(), key=lambda pair: -pair[1]) if count]
    return decide(query, found, known, lexicon, LINEAGES, TODAY, THRESHOLDS)


def test_a_question_asked_as_the_entry_has_it_is_answered() -> None:
    answer = ask("补办身份证去哪里")
    assert answer.certain
    assert answer.hits[0].article.id == ID_LOST.id
    assert answer.confidence > 0.9
    assert answer.choices == ()


def test_a_title_that_was_tapped_is_answered_even_where_another_is_near() -> None:
    assert [ask(each.title).hits[0].article.id for each in ENTRIES] == [each.id for each in ENTRIES]
    assert all(ask(each.title).certain for each in ENTRIES)


def test_a_question_in_other_words_is_answered() -> None:
    answer = ask("我的身份证掉了，想补一张")
    assert (answer.verdict, answer.hits[0].article.id) == (Verdict.ANSWER, ID_LOST.id)


def test_a_question_two_entries_fit_equally_is_given_back_as_a_choice() -> None:
    answer = ask("身份证")
    assert answer.verdict is Verdict.CHOOSE
    assert {hit.article.id for hit in answer.choices} == {ID_LOST.id, ID_RENEW.id}
    assert answer.confidence < THRESHOLDS.answer


@pytest.mark.parametrize(
    "question", ["护照怎么办理", "路灯坏了没人修", "今天天气怎么样", "楼下烧烤店半夜很吵", "？", "你好"]
)
def test_a_question_no_entry_fits_stays_without_an_answer(question: str) -> None:
    answer = ask(question)
    assert answer.verdict is Verdict.UNKNOWN
    assert not answer.certain
    assert answer.choices == ()


def test_a_question_about_another_paper_is_not_answered_with_the_nearest_one() -> None:
    assert not ask("户口本丢了怎么补办").certain
    assert not ask("结婚证丢了去哪里补").certain


def test_nothing_found_is_no_answer() -> None:
    lexicon = Lexicon(WORDING, {})
    assert decide(Query("身份证"), (), {}, lexicon, {}, TODAY, THRESHOLDS) == Answer()


@pytest.mark.parametrize(
    ("article", "shown"),
    [
        (replace(published(ID_LOST), valid_to=date(2026, 3, 15)), False),
        (replace(published(ID_LOST), valid_to=TODAY), True),
        (replace(published(ID_LOST), valid_from=date(2026, 3, 17)), False),
        (replace(published(ID_LOST), valid_from=TODAY), True),
        (replace(published(ID_LOST), state=ArticleState.EXPIRING), True),
        (replace(published(ID_LOST), state=ArticleState.EXPIRED), False),
        (replace(published(ID_LOST), state=ArticleState.WITHDRAWN), False),
        (replace(published(ID_LOST), state=ArticleState.HOTLINE_REVIEW), False),
    ],
)
def test_only_an_entry_in_force_is_ever_shown(article: Article, shown: bool) -> None:
    answer = ask(ID_LOST.title, (article, *ENTRIES[1:]))
    assert (article.id in {hit.article.id for hit in answer.hits}) is shown


@pytest.mark.parametrize(
    ("areas", "area", "served"),
    [
        ((), PINE, True),
        ((), "", True),
        ((EAST,), PINE, True),
        ((EAST,), EAST, True),
        ((EAST,), STONE, False),
        ((EAST,), WEST, False),
        ((PINE,), EAST, True),
        ((PINE,), CITY, True),
        ((WEST, PINE), PINE, True),
        ((EAST,), "", True),
    ],
)
def test_an_entry_serves_its_areas_what_lies_in_them_and_who_may_mean_them(
    areas: tuple[str, ...], area: str, served: bool
) -> None:
    article = replace(published(RENTAL), areas=areas)
    assert serves(article, LINEAGES[area] if area else (), LINEAGES) is served


def test_an_entry_for_another_area_is_left_out() -> None:
    east = replace(RENTAL, areas=(EAST,))
    assert RENTAL.id not in {hit.article.id for hit in ask(RENTAL.title, (*ENTRIES[:-1], east), area=STONE).hits}


def test_an_entry_for_some_area_only_is_never_certain_while_the_area_is_unknown() -> None:
    east = replace(RENTAL, areas=(EAST,))
    asked = (*ENTRIES[:-1], east)
    unknown, known = ask(RENTAL.title, asked), ask(RENTAL.title, asked, area=PINE)
    assert (unknown.verdict, known.verdict) == (Verdict.CHOOSE, Verdict.ANSWER)
    assert unknown.hits[0].article.id == known.hits[0].article.id == RENTAL.id


def test_the_entry_of_the_own_area_goes_before_the_one_for_the_whole_city() -> None:
    east = replace(RENTAL, id="public-rental-east", areas=(EAST,), title="东湖公租房怎么申请", variants=RENTAL.variants)
    answer = ask("公租房要什么条件呢", (*ENTRIES, east), area=PINE)
    assert answer.hits[0].article.id == east.id
    assert answer.certain
    assert "适用于所在区域" in answer.hits[0].why


def test_the_entry_for_the_askers_kind_of_people_goes_first() -> None:
    firms = replace(FUND, id="fund-firms", audience="企业")
    people = replace(FUND, id="fund-people", audience="个人")
    answer = ask("公积金提取要什么", (firms, people, RESIDENCE), audience="企业")
    assert answer.hits[0].article.id == firms.id


def test_no_more_hits_are_given_than_asked_for() -> None:
    assert len(ask("身份证怎么办理", limit=1).hits) == 1


def test_staff_are_told_why() -> None:
    why = ask("身份证丢了").hits[0].why
    assert why[0].startswith("覆盖问句")
    assert any("身份证" in line for line in why[1:])


def test_confidence_rises_with_each_thing_that_speaks_for_the_entry() -> None:
    poor = Fit(coverage=0.4, likeness=0.4, evidence=2.0, beside=0.8, astray=False, exact=False, nearest="", matched=())
    better = [
        replace(poor, coverage=0.9),
        replace(poor, likeness=0.9),
        replace(poor, evidence=8.0),
        replace(poor, beside=0.0),
        replace(poor, exact=True),
    ]
    assert all(confidence(each, 0.3) > confidence(poor, 0.3) for each in better)
    assert confidence(poor, 0.9) > confidence(poor, 0.3)


def test_an_entry_of_another_subject_stays_behind_however_many_asking_words_it_shares() -> None:
    assert ask("养猫要办证吗怎么办理").hits[:1] == () or not ask("养猫要办证吗怎么办理").certain
    assert ask("养狗要办证吗").hits[0].article.id == DOGS.id
