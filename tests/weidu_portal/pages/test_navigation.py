"""The main navigation: every officer finds her own work and nothing she may not do."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from branches.models import Appointment, Position
from scoring.choices import PeriodState
from scoring.models import Period, Programme, ProgrammeYear
from tests.people import Town
from weidu_portal.pages import navigation
from weidu_portal.pages.navigation import PresentMonth, navigation_for, present_month

READING = ["排名", "台账", "底数", "党组织", "评星标准"]
MONTH = PresentMonth(date(2026, 10, 1), "“五星”支部创建", "示例", assessment_id=None, star_code=None)


@pytest.fixture
def every_route(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses by route name, whether or not the route exists yet."""

    def address(name: str, **kwargs: object) -> str:
        return "/" + "/".join([*name.split(":"), *map(str, kwargs.values())]) + "/"

    monkeypatch.setattr(navigation, "safe_reverse", address)


def labels(officer, present) -> list[str]:
    return [entry.label for entry in navigation_for(officer, "/elsewhere/", present)]


def test_everybody_finds_her_own_work(town: Town, every_route: None) -> None:
    own = replace(MONTH, assessment_id=7)
    star = replace(MONTH, star_code="party-building")
    assert labels(town.lin, own) == ["首页", "填报", "月度考评", *READING]
    assert labels(town.lin, MONTH) == ["首页", "月度考评", *READING]
    assert labels(town.zhou, MONTH) == ["首页", "街道审核", "月度考评", *READING]
    assert labels(town.zheng[0], star) == ["首页", "专班核验", "月度考评", *READING]
    assert labels(town.wang, MONTH) == ["首页", "月度考评", *READING]
    assert labels(town.reader, None) == ["首页", "月度考评", *READING]


def test_the_three_administrators_see_their_own_entry_alone(town: Town, every_route: None) -> None:
    assert labels(town.secadmin, MONTH) == ["首页", "账号"]
    assert labels(town.auditor, MONTH) == ["首页", "审计"]
    assert labels(town.sysadmin, MONTH) == ["首页", "后台任务"]


def test_nobody_sees_the_start_page_alone() -> None:
    assert labels(None, MONTH) == ["首页"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "首页"),
        ("/scoring/periods/", "月度考评"),
        ("/scoring/review_street/2026-10/", "街道审核"),
        ("/scoring/review_street/2026-10/3/", "街道审核"),
        ("/design/", None),
    ],
)
def test_the_longest_matching_entry_is_current(town: Town, every_route: None, path: str, current: str | None) -> None:
    marked = [entry.label for entry in navigation_for(town.zhou, path, MONTH) if entry.is_current]
    assert marked == ([current] if current else [])


@pytest.fixture
def programme(db: None) -> Programme:
    programme = Programme.objects.create(code="five-star", name="“五星”支部")
    for year in (2025, 2026):
        ProgrammeYear.objects.create(programme=programme, year=year, title=f"{year}年创建", label="示例", gap_width=2)
    return programme


def month(programme: Programme, year: int, number: int, state: str) -> None:
    day = date(year, number, 1)
    Period.objects.create(
        programme=programme, month=day, state=state, report_due_on=day, street_due_on=day, task_force_due_on=day
    )


def test_the_present_month_is_the_oldest_open_one(programme: Programme, town: Town, django_assert_num_queries) -> None:
    month(programme, 2026, 9, PeriodState.PUBLISHED)
    month(programme, 2026, 10, PeriodState.OPEN)
    month(programme, 2026, 11, PeriodState.OPEN)
    with django_assert_num_queries(1):
        found = present_month(town.lin)
    assert found == PresentMonth(date(2026, 10, 1), "2026年创建", "示例", None, None)


def test_without_an_open_month_it_is_the_latest(programme: Programme) -> None:
    month(programme, 2025, 11, PeriodState.PUBLISHED)
    month(programme, 2025, 12, PeriodState.CLOSED)
    assert present_month(None) == PresentMonth(date(2025, 12, 1), "2025年创建", "示例", None, None)


def test_a_month_of_a_practice_programme_is_not_the_present_one(programme: Programme) -> None:
    Programme.objects.update(is_practice=True)
    month(programme, 2026, 10, PeriodState.OPEN)
    assert present_month(None) is None


def test_a_person_with_two_posts_chooses_in_the_account_menu(town: Town, client) -> None:
    second = Position.objects.create(organisation=town.xida, role="deputy_secretary")
    held = Appointment.objects.create(position=second, person=town.lin.person, starts_on=date(2024, 1, 1))
    client.force_login(town.lin.user)
    choices = list(client.get(reverse("pages:design")).context["acting_choices"])
    assert choices == [
        {"pk": town.lin.appointment.pk, "label": "府后社区书记", "is_current": True},
        {"pk": held.pk, "label": "西大街道副书记", "is_current": False},
    ]


def test_a_person_with_one_post_is_asked_nothing(town: Town, client) -> None:
    client.force_login(town.chen.user)
    assert list(client.get(reverse("pages:design")).context["acting_choices"]) == []
