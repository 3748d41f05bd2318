"""The office's pages of closing, publishing and correcting: accessible, fitting, legible on paper, one tap to copy."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.choices import Axis
from scoring.services import correcting
from scoring.services.unlock import unlock_item
from tests.browser.test_pages import SHEET, cut_off, faults, take_seat
from tests.browsing import DESK, PHONE, OpenPage, overflow
from tests.people import Town, build_town
from tests.scoring.month import (
    at,
    close_month,
    item_of,
    on,
    open_month,
    play_month,
    publish_month,
    report_all,
    review,
    review_all,
    settle_month,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = (
    "/periods/2026-10/close/",
    "/periods/2026-10/items/?step=at_street&street=411002001",
    "/periods/2026-10/unlocks/",
    "/periods/2026-10/trial/",
    "/periods/2026-10/publish/",
    "/periods/2026-09/corrections/",
    "/rankings/2026-09/",
)


@pytest.fixture
def town(db: None, live_server: Any) -> Town:
    """August and September published, a star lost between them; a correction proposed; October closed, one item
    unlocked."""
    town = build_town()
    play_month(town, "2026-08")
    september = open_month(town, "2026-09")
    report_all(town, september)
    review(town, item_of(september, town.jindi, 5), Axis.TASK_FORCE, "set", "14.00", "巡查不足。")
    review_all(town, september, axes=[Axis.TASK_FORCE])
    settle_month(town, september)
    close_month(town, september)
    publish_month(town, september)
    item = item_of(september, town.fuhou, 2)
    draft = correcting.put_item(
        actor=town.wang, period=september, item=item, kind="points", points="6", reason="缺档案。"
    )
    correcting.propose_correction(actor=town.wang, proposal=draft, reason="复查发现缺档案。")
    october = open_month(town, "2026-10")
    report_all(town, october, organisations=[town.fuhou, town.jindi, town.fangou])
    review_all(town, october, numbers=[1, 2], axes=[Axis.STREET, Axis.TASK_FORCE])
    close_month(town, october)
    with on("2026-10", 42):
        unlock_item(actor=town.wang, item=item_of(october, town.fuhou, 5), until=at("2026-10", 47), reason="补材料。")
    return town


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_office_pages_are_accessible_and_fit(town: Town, open_page: OpenPage, size: dict[str, Any]) -> None:
    page = open_page(size)
    take_seat(page, town.wang2)
    page.goto("/")
    assert [fault for address in PAGES for fault in faults(page, address)] == []


def test_on_paper_trial_ranking_and_checklist_fit(town: Town, open_page: OpenPage) -> None:
    page = open_page({"viewport": {"width": SHEET, "height": 1000}})
    take_seat(page, town.wang)
    page.emulate_media(media="print")
    for address in ("/periods/2026-10/trial/", "/periods/2026-10/close/", "/rankings/2026-09/"):
        page.goto(address)
        assert (address, overflow(page), cut_off(page)) == (address, 0, [])


def test_one_tap_copies_the_sentence_and_without_scripts_it_stands_there(town: Town, open_page: OpenPage) -> None:
    page = open_page(DESK, permissions=["clipboard-read", "clipboard-write"])
    take_seat(page, town.wang)
    page.goto("/")
    page.goto("/periods/2026-10/trial/")
    page.get_by_role("button", name="复制").click()
    page.get_by_text("已复制，可以粘贴了").wait_for()
    plain = open_page(DESK, java_script_enabled=False)
    take_seat(plain, town.wang)
    plain.goto("/")
    plain.goto("/periods/2026-10/trial/")
    text = plain.get_by_label("给领导的一句话").input_value()
    assert (page.evaluate("navigator.clipboard.readText()"), plain.get_by_role("button", name="复制").count()) == (
        text,
        0,
    )
    assert text.startswith("2026年10月测算")
