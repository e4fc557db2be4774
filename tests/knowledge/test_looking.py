"""The second look: an order by what entries are called, whatever engine found them."""

from kernel.clock import SystemClock
from kernel.settings import Settings
from knowledge.adapters.tantivy import TantivyEngine
from knowledge.dense import NoVectors
from knowledge.looking import LookingEngine
from knowledge.model import Entry, Found
from knowledge.room import on_trial, with_meaning
from knowledge.rules.looking import LOOKED_AT, SecondLook


def order(entries: tuple[Entry, ...], text: str, *scores: float) -> list[str]:
    """The ids as they stand after a look at all entries, found in the order they are given."""
    given = scores or tuple(1.0 for _ in entries)
    found = [Found(each.id, score) for each, score in zip(entries, given, strict=True)]
    return [each.id for each in SecondLook(entries).look(text, found)]


def test_who_is_called_by_more_of_the_question_goes_first() -> None:
    part, whole = Entry("part", "老年证查询"), Entry("whole", "老年证补贴领取")
    assert order((part, whole), "老年补贴领取", 1.0, 0.95) == ["whole", "part"]


def test_a_rare_character_counts_more_than_a_common_one() -> None:
    others = tuple(Entry(f"o{n}", f"宠物指南{n}") for n in range(8))
    common, rare = Entry("common", "宠物店名册"), Entry("rare", "领养办理")
    assert order((common, rare, *others), "领养宠物")[0] == "rare"


def test_the_same_characters_as_they_were_asked_go_before_others_in_between() -> None:
    apart, together = Entry("apart", "摊位夜市占道许可"), Entry("together", "占道摊位夜市许可")
    assert order((apart, together), "占道摊位") == ["together", "apart"]


def test_a_name_that_begins_as_the_question_goes_first() -> None:
    inside, opening = Entry("inside", "因搬家车位退租"), Entry("opening", "车位搬家因退租")
    assert order((inside, opening), "车位") == ["opening", "inside"]


def test_of_two_that_are_called_so_the_shorter_name_goes_first() -> None:
    long, short = Entry("long", "犬只登记证和犬只免疫证明的申请办理"), Entry("short", "犬只登记证")
    assert order((long, short), "犬只登记") == ["short", "long"]


def test_what_only_the_text_says_counts_too() -> None:
    silent, telling = Entry("silent", "户口登记", (), "到派出所"), Entry("telling", "户口登记", (), "到社区民警处")
    assert order((silent, telling), "民警登记户口") == ["telling", "silent"]


def test_another_way_to_ask_is_a_name_as_well() -> None:
    one, other = Entry("one", "驾驶证换领", ("驾照到期",)), Entry("other", "驾驶证换领", ("驾照丢了",))
    assert order((one, other), "驾照丢了") == ["other", "one"]


def test_texts_without_a_name_stay_as_they_were_found() -> None:
    one, other = Entry("one", "", (), "图书馆开设夜场"), Entry("other", "", (), "图书馆如何借书")
    assert order((one, other), "图书馆如何借书", 2.0, 1.0) == ["one", "other"]


def test_the_scores_stay_those_of_the_places() -> None:
    part, whole = Entry("part", "老年证查询"), Entry("whole", "老年证补贴领取")
    look = SecondLook((part, whole))
    found = look.look("老年补贴领取", (Found("part", 8.0), Found("whole", 7.6)))
    assert found == (Found("whole", 8.0), Found("part", 7.6))
    assert look.look("？！", found) == found
    assert look.look("老年", ()) == ()


async def test_whatever_engine_is_set_its_best_are_looked_at() -> None:
    engine = with_meaning(TantivyEngine(), Settings(), NoVectors(), SystemClock())
    assert isinstance(engine, LookingEngine)
    await engine.close()


async def test_a_trial_of_documents_is_looked_at_and_what_stands_further_down_is_still_found() -> None:
    many = [(f"d{n}", f"第{n}类车位事项", "") for n in range(LOOKED_AT + 10)]
    trial = await on_trial(Settings(), [*many, ("opening", "车位", "")])
    found = await trial.search("车位", LOOKED_AT + 5)
    await trial.close()
    assert found[0] == "opening"
    assert len(set(found)) == LOOKED_AT + 5
