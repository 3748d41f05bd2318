"""A task force's whole month: 534 items of 89 communities, 85 % as last month. Server time and key presses.


The keys are those of the page: A agrees and goes on, R 1 Enter returns with a ready-made reason, S opens the form of
other points; tests/journeys/test_keyboard.py presses them in a browser. Reading and deciding is the person's own time.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
from django.test import Client

from branches.acting import Officer
from branches.choices import Role
from branches.models import Appointment, Organisation, Person, Position
from core.models import User
from scoring.calc.edition import Edition
from scoring.choices import Axis
from scoring.models import AssessmentItem, Period, Review
from scoring.selectors.review_list import ReviewRow
from scoring.selectors.review_pages import StarReview
from scoring.services.return_phrases import add_phrase
from tests.people import OPENED_ON, Town, Unit, write_units
from tests.scoring import month as small
from tests.scoring.month import level, on, open_month, points, report_all, review_all

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark]
STAR = "/periods/2026-09/review/stars/joint_sharing/"
HALF_AN_HOUR = 1800
A_LOOK = 18  # seconds a person takes to read an item that asks for a look, and to decide
REASON = "记录只有一次，按一次计。"


def six_tasks() -> Edition:
    """One star of six tasks, three standings and three flows."""
    rows = tuple(
        (number, f"task-{number}", f"任务{number}", window, False, 10, criterion)
        for number, (window, criterion) in enumerate(
            [("state", small._graded(10, 6, 0))] * 3 + [("month", small._judged("1.00", needs_note=False))] * 3, start=1
        )
    )
    return small._edition("urban", "城市社区评星标准（测速）", {"joint_sharing": rows})


def appoint(communities: list[Organisation]) -> dict[int, Officer]:
    """A secretary for each community."""
    found = {}
    for community in communities:
        user = User.objects.create(username=f"secretary-{community.code}", password="!")
        person = Person.objects.create(user=user, name=f"书记{community.code[-3:]}")
        position = Position.objects.create(organisation=community, role=Role.SECRETARY)
        appointment = Appointment.objects.create(position=position, person=person, starts_on=OPENED_ON)
        found[community.pk] = Officer.of(appointment, organisation_name=community.code)
    return found


@pytest.fixture
def reported(town: Town, monkeypatch: pytest.MonkeyPatch) -> Period:
    """89 urban communities; in September 15 of each hundred items say something else than in August."""
    units = [Unit(f"411002006{n:03d}", f"第{n}社区", "411002006", 3, track="urban") for n in range(100, 186)]
    known = write_units(units, {"411002006": town.wuyi})
    secretaries = appoint([*(known[unit.code] for unit in units), town.guangming])
    others = small.secretary_of
    monkeypatch.setattr(small, "secretary_of", lambda town, one: secretaries.get(one.pk) or others(town, one))
    august = open_month(town, "2026-08", editions=(six_tasks(), small.small_editions()[1]))
    report_all(town, august)
    review_all(town, august)
    september = open_month(town, "2026-09")
    changed = AssessmentItem.objects.filter(assessment__period=september, assessment__track="urban")
    for place, subject_id in enumerate(sorted(set(changed.values_list("assessment__subject", flat=True)))):
        given: dict[int, Any] = {1: level(1), 5: points("7", note="有变化。")} if place % 9 < 4 else {}
        subject = august.assessments.get(subject=subject_id).subject
        report_all(town, september, organisations=[subject], entries=given)
    add_phrase(actor=town.wang, programme=september.programme, text="请写明开展的日期。")
    return september


def test_a_task_force_clears_its_month_in_half_an_hour(town: Town, reported: Period) -> None:
    force = Desk(town)
    total = sum(force.look().counts.values())
    exceptions = [row for section in force.look().queue.sections for group in section.groups for row in group.rows]
    for place, row in enumerate(exceptions):
        force.decide(place, row)
    for fold in force.look().queue.folds:
        force.agree_with(fold)
    left = force.look().counts
    needed = force.server + len(exceptions) * A_LOOK
    share = len(exceptions) / total
    print(
        f"\n{total} items, {len(exceptions)} looked at ({share:.0%}): {force.keys} key presses, {force.typed} typed"
        f" characters, {force.acts} acts, {force.server:.1f} s of the server, slowest {force.slowest * 1000:.0f} ms,"
        f" page {force.page * 1000:.0f} ms; with {A_LOOK} s a look {needed / 60:.1f} minutes"
    )
    assert (left["waiting"], left["done"] + left["returned"]) == (0, total)
    assert Review.objects.filter(item__assessment__period=reported, axis=Axis.TASK_FORCE).count() == total
    assert force.keys <= 2 * len(exceptions)
    assert needed <= HALF_AN_HOUR


class Desk:
    """The leader of the task force at the keyboard."""

    def __init__(self, town: Town):
        self.client = Client()
        self.client.force_login(town.zheng[1].user)
        self.keys = self.typed = self.acts = 0
        self.server = self.slowest = self.page = 0.0

    def look(self) -> StarReview:
        response = self._timed(lambda: self.client.get(STAR))
        self.page = self._last
        found: StarReview = response.context["review"]
        return found

    def decide(self, place: int, row: ReviewRow) -> None:
        """Of twelve items ten are agreed to, one is set, one goes back."""
        if place % 12 == 5:
            self._open(row, "set")
            self._post(row, {"outcome": "set", "points": "6", "reason": REASON})
            self.keys += 4  # S, 6, Tab, Ctrl+Enter
            self.typed += len(REASON)
        elif place % 12 == 11:
            opened = self._open(row, "return")
            self._post(row, {"outcome": "return", "phrase": str(opened.context["phrases"][0].pk)})
            self.keys += 3  # R, 1, Enter
        else:
            self._post(row, {"outcome": "agree"})
            self.keys += 1  # A

    def agree_with(self, fold: Any) -> None:
        seen = [row.ticket for group in fold.groups for row in group.rows]
        data = {"axis": Axis.TASK_FORCE.value, "basis": fold.basis.value, "item": seen, "next": STAR}
        response = self._timed(lambda: self.client.post("/review/bulk/", data))
        assert response.status_code == 302
        self.acts += 1
        self.keys += 1  # B, or a click

    def _open(self, row: ReviewRow, form: str) -> Any:
        path = f"/items/{row.pk}/review/?axis=task_force&form={form}"
        return self._timed(lambda: self.client.get(path, headers={"HX-Request": "true"}))

    def _post(self, row: ReviewRow, data: dict[str, str]) -> None:
        sent = {"axis": Axis.TASK_FORCE.value, "version": str(row.version), "next": STAR, **data}
        path = f"/items/{row.pk}/review/"
        response = self._timed(lambda: self.client.post(path, sent, headers={"HX-Request": "true"}))
        assert response.status_code == 200
        self.acts += 1
        self.slowest = max(self.slowest, self._last)

    def _timed(self, ask: Any) -> Any:
        with on("2026-09", 33):
            started = perf_counter()
            response = ask()
            self._last = perf_counter() - started
        self.server += self._last
        return response
