"""Every main page for each kind of reader, at the width of a desk and of a telephone: axe-core finds nothing,
nothing runs over the side. On paper the ranking and the report form fit as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from branches.acting import Officer
from core.models import Job
from ledgers.models import Ledger, LedgerBatch
from ledgers.services.issue import issue_and_draw, issue_ledgers
from scoring.choices import Axis, Outcome
from scoring.models import Period, Rubric
from tests.browsing import DESK, PHONE, OpenPage, overflow
from tests.ledgers.conftest import draw_by_stand_in, no_progress
from tests.people import Town, build_town
from tests.scoring.month import assessment_of, item_of, open_month, play_month, points, report_all, review

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHEET = 720  # px: the width of an A4 page inside its margins


@pytest.fixture
def town(db: None, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Town:
    """September published with ledgers; October open: one report returned, one in gap, one community not yet in."""
    town = build_town()
    publication = play_month(town, "2026-09")
    draw_by_stand_in(monkeypatch)
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    issue_ledgers(actor=town.wang, publication=publication)
    period = open_month(town, "2026-10")
    report_all(town, period, organisations=[town.fuhou, town.guangming], entries={6: points("6")})
    review(town, item_of(period, town.fuhou, 4), Axis.STREET, Outcome.RETURN, reason="请写明次数。")
    review(town, item_of(period, town.fuhou, 6), Axis.STREET, Outcome.SET, "10", "有记录。")
    review(town, item_of(period, town.fuhou, 6), Axis.TASK_FORCE, Outcome.SET, "4", "只核到四次。")
    return town


def addresses(town: Town) -> dict[str, list[str]]:
    """Which pages each person looks at, by the key of the town."""
    period = Period.objects.get(month="2026-10-01")
    month, item = f"/periods/{period.code}", item_of(period, town.fuhou, 6)
    assessment, rubric = assessment_of(period, town.fuhou), Rubric.objects.get(track="urban")
    ledger = Ledger.objects.get(organisation=town.fuhou)
    reading = [
        "/",
        "/periods/",
        f"{month}/",
        "/rankings/",
        "/rankings/2026-09/",
        "/ledgers/",
        f"/ledgers/{ledger.number}/",
    ]
    reading += ["/organisations/", f"/organisations/{town.fuhou.code}/", "/rubrics/", f"/rubrics/{rubric.pk}/"]
    return {
        "lin": [
            *reading,
            f"/assessments/{assessment.pk}/",
            f"/items/{item.pk}/",
            "/password/",
            "/design/",
            f"/assessments/{assessment.pk}/paper/",
            f"/duties/{town.fuhou.code}/",
            f"/duties/{town.fuhou.code}/sheet/",
        ],
        "chen": ["/", f"/assessments/{assessment_of(period, town.jindi).pk}/"],
        "zhou": [
            "/",
            f"{month}/review/street/",
            f"{month}/review/street/?show=all&by=task",
            f"{month}/review/street/sign-off/",
            f"{month}/grid/?task=culture",
            f"/items/{item.pk}/review/?axis=street",
            f"/assessments/{assessment_of(period, town.jindi).pk}/",
        ],
        "zheng4": [
            "/",
            f"{month}/review/data/",
            f"{month}/review/stars/happiness_harmony/",
            f"/items/{item.pk}/review/?axis=task_force",
        ],
        "wang": [
            *reading,
            f"{month}/rulings/?what=gap",
            f"{month}/rulings/?what=item&community=411002001006&number=6",
            f"{month}/close/",
            f"{month}/publish/",
            f"{month}/trial/",
            "/rubrics/import/",
            f"/ledgers/batches/{LedgerBatch.objects.latest('pk').pk}/",
            f"/jobs/{Job.objects.latest('pk').pk}/",
        ],
        "reader": ["/", "/rankings/2026-09/"],
        "sysadmin": ["/", "/jobs/"],
        "secadmin": ["/", "/accounts/", "/accounts/new/", f"/accounts/{town.lin.person.pk}/"],
        "auditor": ["/", "/audit/"],
    }


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_are_accessible_and_fit(town: Town, open_page: OpenPage, size: dict[str, Any]) -> None:
    found: list[str] = []
    signed_out = open_page(size)
    for address in ("/login/", "/login/?street=411002001&unit=411002001006", "/login/?way=account", "/nowhere/"):
        found += faults(signed_out, address, expected=404 if address == "/nowhere/" else 200)
    for key, paths in addresses(town).items():
        page = open_page(size)
        take_seat(page, town.everybody[key])
        found += [f"{key} {fault}" for path in paths for fault in faults(page, path)]
    assert found == []


def test_on_paper_ranking_and_form_fit(town: Town, open_page: OpenPage) -> None:
    page = open_page({"viewport": {"width": SHEET, "height": 1000}})
    take_seat(page, town.lin)
    page.emulate_media(media="print")
    period = Period.objects.get(month="2026-10-01")
    for address in ("/rankings/2026-09/", f"/assessments/{assessment_of(period, town.fuhou).pk}/"):
        page.goto(address)
        assert (address, overflow(page), cut_off(page)) == (address, 0, [])


def faults(page: Page, address: str, expected: int = 200) -> list[str]:
    answer = page.goto(address)
    status = answer.status if answer else 0
    if status != expected:
        return [f"{address}: {status}"]
    found = [f"{address}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
    violations = Axe().run(page).response["violations"]
    return found + [f"{address}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in violations]


def cut_off(page: Page) -> list[str]:
    """Elements that run over the right edge of the sheet."""
    script = """() => [...document.querySelectorAll("main *")]
      .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.offsetParent)
      .map((one) => one.outerHTML.slice(0, 120))"""
    return list(page.evaluate(script))


def take_seat(page: Page, officer: Officer) -> None:
    """Signed in without the log-in page, which the journeys go through."""
    client = Client()
    client.force_login(officer.user)
    page.goto("/login/")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": page.url}])
