"""What stands beside the points in a publication, and under which names: as things were when it was published."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from branches.choices import Role
from branches.models import Organisation, Placement, Position
from branches.services.duties import keep_duty_posts
from core.canonical import canonical_text
from scoring.calc.due import Due
from scoring.models import EvidenceLink, EvidenceRemoval, Period, Publication, TaskAssignment
from scoring.selectors.publication_content import publication_content, trial_content
from scoring.services.assignment import Duty, assign_tasks
from scoring.services.evidence import record_evidence, unlink_evidence
from scoring.services.publication import publish_ranking
from tests.scoring.month import Month, close_month, level, month, on, points, report_all, review_all, settle_month

__all__ = ["month"]
pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 1)


def assign(month: Month, title: str, due: Due | None, seen: int | None = None) -> None:
    town = month.town
    keep_duty_posts(actor=town.lin, organisation=town.fuhou, titles=["组织委员", "网格员"])
    post = Position.objects.get(organisation=town.fuhou, role=Role.DUTY, title=title)
    assign_tasks(
        actor=town.lin,
        organisation=town.fuhou,
        programme=month.period.programme,
        from_month=SEPTEMBER,
        duties={"centre": Duty(post.pk, due, seen)},
    )


def note(month: Month, text: str) -> None:
    record_evidence(actor=month.town.lin, item=month.item(2), text=text, form_key=uuid.uuid4())


def prepared(month: Month) -> None:
    """府后 has a duty and two notes beside item 2 (one is taken away again), and lacks 共建共享星."""
    town = month.town
    with on("2026-09", 26):
        assign(month, "组织委员", Due(25))
        note(month, "制度上墙。")
        note(month, "误传。")
        link = EvidenceLink.objects.get(evidence__text="误传。")
        unlink_evidence(actor=town.lin, item=link.item, evidence_id=link.evidence_id)
    fallen = {3: level(1), 4: points("4.00")}
    report_all(town, month.period, organisations=[town.fuhou], entries=fallen)
    report_all(town, month.period, organisations=[town.jindi, town.fangou, town.guangming])


def published(month: Month) -> Publication:
    prepared(month)
    review_all(month.town, month.period)
    settle_month(month.town, month.period)
    close_month(month.town, month.period)
    with on("2026-09", 41):
        return publish_ranking(actor=month.town.wang, period=Period.objects.get(pk=month.period.pk))


def of_fuhou(content: dict[str, Any], month: Month) -> dict[str, Any]:
    return next(one for one in content["assessments"] if one["organisation"] == month.town.fuhou.code)


def beside(content: dict[str, Any], month: Month, number: int) -> tuple[Any, ...]:
    item = next(one for one in of_fuhou(content, month)["items"] if one["number"] == number)
    return item["responsible"], item["due_on"], item["evidence"]


def test_post_day_and_evidence_stand_beside_the_item(month: Month) -> None:
    prepared(month)
    content = trial_content(month.period)
    assert beside(content, month, 2) == ("组织委员", "2026-09-25", 1)
    assert beside(content, month, 1) == ("", None, 0)


def test_what_is_recorded_after_publishing_is_not_in_it(month: Month) -> None:
    publication = published(month)
    duty, link = TaskAssignment.objects.get(), EvidenceLink.objects.get(evidence__text="制度上墙。")
    with on("2026-09", 42):
        TaskAssignment.objects.create(
            organisation=duty.organisation, key=duty.key, from_month=SEPTEMBER, revision=2, position=None,
            recorded_by=duty.recorded_by, appointment=duty.appointment,
        )  # fmt: skip
        for item in (month.item(2), month.item(3)):
            EvidenceLink.objects.create(
                evidence=link.evidence, item=item, number=7, linked_by=link.linked_by, appointment=link.appointment
            )
        EvidenceRemoval.objects.create(link=link, removed_by=link.linked_by, appointment=link.appointment)
    assert beside(trial_content(publication.period), month, 2) == ("", None, 1)
    assert beside(trial_content(publication.period), month, 3)[2] == 1
    again = publication_content(publication.period, 1, publication.data["published"])
    assert canonical_text(again) == publication.content
    assert (beside(again, month, 2), beside(again, month, 3)[2]) == (("组织委员", date(2026, 9, 25), 1), 0)


def test_the_way_to_a_star_is_frozen_as_the_month_ended(month: Month) -> None:
    publication = published(month)
    ways = of_fuhou(publication.data, month)["next_stars"]
    assert [(one["star"], one["is_reachable"], one["missing"], one["gain"]) for one in ways] == [
        ("joint_sharing", True, "4.00", "4.00")
    ]
    assert ways[0]["tasks"] == [{"number": 3, "now": "8.00", "to": "12.00"}]
    assert ways[0]["text"] == "共建共享星还差 4 分：第 3 项“物业服务覆盖”从 8 分提高到 12 分，即可达标。"
    won_all = next(one for one in publication.data["assessments"] if one["organisation"] == month.town.jindi.code)
    assert won_all["next_stars"] == []


def rename(organisation: Organisation, on_day: date, name: str) -> None:
    now = Placement.objects.filter(organisation=organisation).latest("starts_on")
    Placement.objects.create(
        organisation=organisation, starts_on=on_day, parent=now.parent, name=name, form=now.form, track=now.track,
        display_order=now.display_order,
    )  # fmt: skip


@pytest.mark.parametrize(("day", "is_new"), [(date(2026, 9, 30), True), (date(2026, 10, 1), False)])
def test_streets_and_task_forces_bear_the_names_of_the_last_day(month: Month, day: date, is_new: bool) -> None:
    prepared(month)
    town = month.town
    street, force = of_fuhou(trial_content(month.period), month)["street"]["code"], town.task_forces[0]
    rename(Organisation.objects.get(code=street), day, "新名街道")
    rename(force, day, "新名专班")
    content = trial_content(month.period)
    forces = {one["code"]: one["name"] for one in content["task_forces"]}
    found = (of_fuhou(content, month)["street"]["name"] == "新名街道", forces[force.code] == "新名专班")
    assert found == (is_new, is_new)
