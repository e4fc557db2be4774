"""Loads entries from a sheet: what differs from the published entries is published as their new version."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from kernel.database import Tx
from kernel.loading import Plan
from kernel.people import Principal
from kernel.sheets import Codes, Problem, Sheet, Table
from knowledge.editing import Editing
from knowledge.importing import read_entries
from knowledge.model import Article
from knowledge.rules.articlesheet import LAYOUT, article_table, read_article_sheet
from knowledge.store import articles as store


class ArticleLoader:
    """Brings a sheet into the database. Entries a sheet does not hold stay as they are."""

    layout = LAYOUT

    def __init__(self, editing: Editing) -> None:
        self._editing = editing

    async def table(self, tx: Tx) -> Table:
        """The published entries as their sheet."""
        return article_table(await store.quotable(tx))

    async def table_of_folder(self, folder: Path, problems: list[Problem]) -> Table:
        """The entries of a folder's YAML files as a sheet, to be checked like one; what cannot be read is a problem."""
        read, wrong = await asyncio.to_thread(read_entries, folder)
        problems += [Problem(LAYOUT.name, 0, each.where.rpartition(".")[2], each.code, each.where) for each in wrong]
        return article_table([article for _, article in read])

    async def plan(self, tx: Tx, sheets: Mapping[str, Sheet], problems: list[Problem]) -> Plan[tuple[Article, ...]]:
        """What loading the sheet of entries would do beside the sheets of units, areas and matters."""
        now = await store.quotable(tx)
        units, areas, matters = (Codes(sheets[name]) for name in ("units", "areas", "matters"))
        articles = await asyncio.to_thread(read_article_sheet, sheets[LAYOUT.name], units, areas, matters)

        async def keep(tx: Tx, by: Principal) -> None:
            await self._editing.publish_all(tx, _changed(await store.quotable(tx), articles), by)

        found = tuple(sorted(problems, key=lambda problem: problem.row))
        loaded = {article.id: article for article in now} | {article.id: article for article in articles}
        after = sorted(loaded.values(), key=lambda article: article.id)
        return Plan(articles, found, (article_table(now),), (article_table(after),), keep)


def _changed(now: Sequence[Article], incoming: Sequence[Article]) -> Sequence[Article]:
    """The entries whose rows say something else than those of the published ones."""
    rows = article_table(now).by_key()
    return [each for each in incoming if rows.get((each.id,)) != article_table([each]).rows[0]]
