"""Alive, ready, counted."""

from hotline.metrics import Metrics
from hotline.web import Host
from tests.hotline.conftest import Browser
from tests.hotline.small_house import SmallApi


async def test_a_living_process_says_so(browser: Browser) -> None:
    answer = await browser.get("/healthz")
    assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_a_failing_part_is_named(browser: Browser, api: SmallApi) -> None:
    assert (await browser.get("/readyz")).status == 200
    api.healthy = False
    answer = await browser.get("/readyz")
    assert (answer.status, await answer.json()) == (503, {"status": "failing", "failed": ["small"]})


async def test_a_closing_process_is_not_ready(browser: Browser, hosted: Host) -> None:
    hosted.close()
    assert (await browser.get("/readyz")).status == 503
    assert (await browser.get("/healthz")).status == 200


async def test_requests_are_counted_by_route_and_never_by_address(browser: Browser) -> None:
    await browser.get("/api/v1/raise/conflict")
    text = await (await browser.get("/metrics")).text()
    assert 'hotline_requests_total{method="GET",route="/api/v1/raise/{what}",status="409"} 1' in text
    assert "hotline_mailbox_in_waiting 0" in text
    assert "raise/conflict" not in text


async def test_counts_are_not_for_the_world(browser: Browser) -> None:
    through_proxy = {"X-Real-IP": "203.0.113.9"}
    assert (await browser.get("/metrics", **through_proxy)).status == 401
    await browser.sign_in("agent-1")
    assert (await browser.get("/metrics", **through_proxy)).status == 403
    await browser.sign_in("admin-1")
    assert (await browser.get("/metrics", **through_proxy)).status == 200


def test_values_of_labels_are_escaped() -> None:
    metrics = Metrics()
    metrics.add("odd", route='a"b\\c\nd')
    assert list(metrics.lines({}))[1] == 'hotline_odd{route="a\\"b\\\\c\\nd"} 1'
