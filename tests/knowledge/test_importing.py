"""Entries come from files: whole or not at all, as often as one likes."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kernel.database import Database
from kernel.errors import NotFound
from kernel.room import Floor
from knowledge.importing import ArticleFilesWrong, read_articles
from knowledge.model import ArticleState
from knowledge.room import KnowledgeRoom
from tests.knowledge.small_city import EAST, HOUSING, POLICE

GOOD = """
id: id-card-lost
title: 身份证丢了怎么补领
variants: [身份证不见了怎么办, 补办身份证去哪里]
short: 请到派出所申报丢失并申请补领。
full: ''
materials: [本人到场]
place: ''
hours: ''
phone: '12345'
fee: ''
limit: ''
online: ''
basis: [中华人民共和国居民身份证法]
owner: JZ-GA
areas: []
audience: 个人
valid_from: 2026-01-01
valid_to: ''
review_due: '2027-02-21'
verified_on: ''
matter: id-card
"""


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What touches the rows is tested on both databases in test_editing.py."""
    return sqlite_database


def files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def read(folder: Path, matters: set[str] | None = None) -> dict[str, object]:
    return {each.id: each for each in read_articles(folder, {POLICE, HOUSING}, {EAST}, matters)}


def problems(folder: Path, matters: set[str] | None = None) -> dict[str, str]:
    with pytest.raises(ArticleFilesWrong) as wrong:
        read(folder, matters)
    assert wrong.value.fields == {p.where: p.code for p in wrong.value.problems}
    return wrong.value.fields


def test_a_file_is_read_with_every_field(tmp_path: Path) -> None:
    article = read_articles(files(tmp_path, a=GOOD), {POLICE}, {EAST})[0]
    assert article.variants == ("身份证不见了怎么办", "补办身份证去哪里")
    assert (article.valid_from, article.valid_to, article.review_due) == (date(2026, 1, 1), None, date(2027, 2, 21))
    assert (article.phone, article.owner, article.matter) == ("12345", POLICE, "id-card")
    assert article.unverified == ("place", "hours", "fee", "limit", "online", "verified_on")


def test_a_file_may_hold_several_entries(tmp_path: Path) -> None:
    listed = "".join(f"- {{id: e{n}, title: 标题{n}, short: 答复, owner: JZ-GA}}\n" for n in range(3))
    assert set(read(files(tmp_path, many=listed))) == {"e0", "e1", "e2"}


@pytest.mark.parametrize(
    ("line", "where", "code"),
    [
        ("phone: 12345", "a.yaml:id-card-lost.phone", "not_text"),
        ("owner: XX-YY", "a.yaml:id-card-lost.owner", "unknown_unit"),
        ("owner: ''", "a.yaml:id-card-lost.owner", "missing"),
        ("areas: ['123']", "a.yaml:id-card-lost.areas", "unknown_area"),
        ("variants: 一个", "a.yaml:id-card-lost.variants", "not_a_list"),
        ("variants: ['']", "a.yaml:id-card-lost.variants", "empty"),
        ("valid_to: soon", "a.yaml:id-card-lost.valid_to", "not_a_day"),
        ("valid_to: '2025-01-01'", "a.yaml:id-card-lost.valid_to", "before_valid_from"),
        ("price: free", "a.yaml:id-card-lost.price", "unknown_field"),
        ("title: ''", "a.yaml:id-card-lost.title", "missing"),
        ("id: Nr 1", "a.yaml:Nr 1.id", "bad_id"),
        ("id: ''", "a.yaml:1.id", "missing"),
        ("matter: bees", "a.yaml:id-card-lost.matter", "unknown_matter"),
    ],
)
def test_a_fault_is_told_with_file_entry_and_field(tmp_path: Path, line: str, where: str, code: str) -> None:
    name = line.split(":", 1)[0]
    text = "\n".join(old for old in GOOD.splitlines() if not old.startswith(f"{name}:")) + f"\n{line}\n"
    assert problems(files(tmp_path, a=text), {"id-card"}) == {where: code}


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = files(
        tmp_path,
        a=GOOD,
        b=GOOD.replace("owner: JZ-GA", "owner: XX"),
        c="title: [",
        d="just text",
        e=GOOD.replace("title: 身份证丢了怎么补领", "title: ''").replace("id-card-lost", "other"),
    )
    assert problems(folder) == {
        "b.yaml:id-card-lost.id": "twice",
        "b.yaml:id-card-lost.owner": "unknown_unit",
        "c.yaml": "not_yaml",
        "d.yaml": "not_an_entry",
        "e.yaml:other.title": "missing",
    }


def test_a_file_cannot_make_objects(tmp_path: Path) -> None:
    assert problems(files(tmp_path, a="!!python/object/apply:os.system ['true']")) == {"a.yaml": "not_yaml"}


async def test_imported_entries_answer_at_once(empty: KnowledgeRoom, tmp_path: Path) -> None:
    done = await empty.import_articles(files(tmp_path, a=GOOD))
    assert done.added == ("id-card-lost",)
    assert (await empty.library.answer("身份证丢了怎么补领")).certain


async def test_nothing_is_loaded_while_there_is_a_fault(empty: KnowledgeRoom, tmp_path: Path) -> None:
    folder = files(tmp_path, a=GOOD, b="id: b")
    with pytest.raises(ArticleFilesWrong):
        await empty.import_articles(folder)
    with pytest.raises(NotFound):
        await empty.library.article("id-card-lost")


async def test_a_changed_file_becomes_a_new_version(empty: KnowledgeRoom, tmp_path: Path) -> None:
    await empty.import_articles(files(tmp_path, a=GOOD))
    done = await empty.import_articles(files(tmp_path, a=GOOD.replace("申报丢失", "申报遗失")))
    article = await empty.library.article("id-card-lost")
    assert (done.changed, article.version) == (("id-card-lost",), 2)
    assert "申报遗失" in article.short


async def test_the_same_words_make_the_same_version_wherever_they_come_from(
    floor: Floor, empty: KnowledgeRoom, tmp_path: Path
) -> None:
    await empty.import_articles(files(tmp_path, a=GOOD))
    known = await empty.library.article("id-card-lost")
    async with floor.database.transaction() as tx:
        done = await empty.editing.bring_in(tx, [replace(known, version=9, state=ArticleState.EXPIRED)])
    assert done.unchanged == ("id-card-lost",)
