"""An editor takes entries out as a file and hands a changed one in: with a fault nothing is kept, else a draft."""

import json

import pytest
from playwright.async_api import FilePayload, expect

from tests.journeys.browser.conftest import SitDown

pytestmark = pytest.mark.browser

ENTRY = "highway-free-days"


def lines(*entries: object) -> FilePayload:
    text = "\n".join(json.dumps(each) for each in entries)
    return FilePayload(name="entries.jsonl", mimeType="application/jsonl", buffer=text.encode())


async def test_entries_go_out_and_come_back_as_drafts(sit_down: SitDown) -> None:
    editor = await sit_down("/knowledge", "editor")
    await editor.at("knowledge-list input[type=search]").fill(ENTRY)
    await expect(editor.at("knowledge-list [data-entry]")).to_have_count(1)
    await editor.click(editor.page.get_by_role("tab", name="导入导出"))
    async with editor.page.expect_download() as download:
        await editor.click(editor.at("[data-out=jsonl]"))
    (carried,) = (await (await download.value).path()).read_text("utf-8").splitlines()
    entry = json.loads(carried)
    assert entry["id"] == ENTRY

    files = editor.at("knowledge-carry input[type=file]")
    entry["title"] = f"{entry['title']}（修订）"
    await files.set_input_files(lines(entry, {"id": "half", "title": "没有答复"}))
    faults = editor.at("[data-faults]")
    await expect(faults).to_contain_text("一条也没有导入")
    await expect(faults).to_contain_text("第 2 行 · 简要答复")
    await files.set_input_files(lines(entry))
    await editor.click(editor.at("[data-load]"))
    await expect(editor.at("[data-loaded]")).to_contain_text("新版本 1 条")
    await editor.click(editor.page.get_by_role("tab", name="条目"))
    row = editor.at("knowledge-list [data-entry]", has_text="（修订）")
    await expect(row).to_contain_text("草稿")
    await editor.click(row)
    await expect(editor.at("entry-pane .entry-change ins")).to_contain_text("（修订）")
