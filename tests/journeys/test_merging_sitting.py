"""A street clerk turns 48 grids into 41 in one sitting: what it costs her in clicks and typed values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from grids.models import GridState, GridSuccession
from tests.browsing import DESK, PHONE, OpenPage, overflow, sign_in
from tests.grids.district import lay_courtyards, lay_grids
from tests.people import Town, build_town
from tests.scoring.month import on

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLICKS, VALUES = 3, 15


@pytest.fixture
def street(db: None, live_server: Any) -> Town:
    """西大街道: two communities with 24 grids and 40 courtyards each."""
    town = build_town()
    places = [town.jindi, town.fuhou]
    lay_courtyards(town, places, lay_grids(town, places, 48), 80)
    return town


def number(page: Page, code: str, first: int, group: int) -> None:
    """Two grids after each other: type, Tab, type."""
    page.locator(f"[name=g-{code}-G{first:03}]").focus()
    page.keyboard.type(str(group))
    page.keyboard.press("Tab")
    page.keyboard.type(str(group))


@pytest.mark.parametrize("size", [DESK, PHONE | {"java_script_enabled": False}], ids=["desk", "phone without scripts"])
def test_48_grids_become_41_in_three_clicks_and_fifteen_values(
    street: Town, open_page: OpenPage, size: dict[str, Any]
) -> None:
    with on("2026-11", 12):
        page = open_page(size)
        sign_in(page, street.zhou)
        page.goto(f"/ground/at/{street.xida.code}/")
        page.get_by_role("link", name="合并网格").click()
        for place, pairs in ((street.jindi, (1, 3, 5, 7)), (street.fuhou, (1, 9, 23))):
            for group, first in enumerate(pairs, 1):
                number(page, place.code, first, group)
        page.get_by_label("文号").fill("魏网〔2026〕8号")
        page.locator("main").get_by_role("button", name="先看看影响").last.click()
        expect(page.locator("#preview caption")).to_contain_text("7 组，网格由 48 个变为 41 个")
        assert overflow(page) == 0
        page.get_by_role("button", name="全部合并（7 组）").click()
        expect(page.locator(".notice-success").last).to_contain_text("西大街道 48 个网格变为 41 个")
    standing = GridState.objects.latest_ones().filter(grid__closed_on__isnull=True)
    assert (standing.count(), GridSuccession.objects.count()) == (41, 14)
