"""docs/publication-content.md gives the very shape of what is published."""

from __future__ import annotations

from typing import Any

import pytest

from branches.models import Position
from scoring.calc.due import Due
from scoring.choices import Axis, Outcome
from scoring.models import Period, Publication
from scoring.selectors.publication_content import trial_content
from scoring.services.assignment import Duty, assign_tasks
from scoring.services.correction import Correction, correct_publication
from scoring.services.report import save_draft, submit_items
from scoring.services.ruling import rule_item
from scoring.services.sign_off import sign_off_street
from tests.docs.blocks import DOCS, blocks
from tests.docs.shape import shape_of
from tests.people import Town
from tests.scoring.month import (
    assessment_of,
    close_month,
    item_of,
    level,
    not_applicable,
    on,
    open_month,
    play_month,
    points,
    publish_month,
    report_all,
    review,
    review_all,
    settle_month,
)

PAGE = DOCS / "publication-content.md"


def documented() -> dict[str, str]:
    """Path → kinds, as the page lists them; what follows a # is for people."""
    lines = [line.partition("#")[0].split(maxsplit=1) for line in blocks(PAGE, "shape")[0].lines]
    return {path: kinds.strip() for path, kinds in lines}


def _assign(town: Town, period: Period) -> None:
    """A duty with its day, at a post of the branch."""
    post = Position.objects.filter(organisation=town.fuhou).order_by("pk")[0]
    duties = {"centre": Duty(post.pk, Due(25), None)}
    programme, month = period.programme, period.month
    assign_tasks(actor=town.lin, organisation=town.fuhou, programme=programme, from_month=month, duties=duties)


def full_month(town: Town) -> list[dict[str, Any]]:
    """Trial, publication and correction of a month in which everything happens once: a claim confirmed and one not, a
    gap ruled, an empty item, a star lost and one not rated, a street signed off, an entry on behalf."""
    play_month(town, "2026-08")
    period = open_month(town)
    without = [town.fuhou, town.jindi]
    with on(period.month, 27):
        _assign(town, period)
        typed = points("6.00", note="街道代填。")
        save_draft(actor=town.zhou2, item=item_of(period, town.fuhou, 4), entry=typed)
        submit_items(actor=town.lin, assessment=assessment_of(period, town.fuhou))
    report_all(
        town,
        period,
        organisations=without,
        entries={3: not_applicable(), 5: level(2, "本月未开展。"), 8: not_applicable()},
    )
    report_all(town, period, organisations=[town.fangou], numbers=[1, 2, 4, 5, 6])
    report_all(town, period, organisations=[town.guangming])
    review_all(town, period)
    for axis in (Axis.STREET, Axis.TASK_FORCE):
        for number in (3, 8):
            review(town, item_of(period, town.fuhou, number), axis, Outcome.NOT_APPLICABLE)
    review(town, item_of(period, town.fuhou, 1), Axis.TASK_FORCE, Outcome.SET, "5.00", "佐证不足。")
    trial = trial_content(period)
    with on(period.month, 39):
        rule_item(
            actor=town.wang,
            item=item_of(period, town.fuhou, 1),
            points="8.00",
            reason="现场核实。",
            document_no="会议纪要1号",
        )
        rule_item(actor=town.wang, item=item_of(period, town.jindi, 3), points="4.00", reason="应开展。")
        rule_item(actor=town.wang, item=item_of(period, town.jindi, 8), kind="not_applicable", reason="确无此项。")
        sign_off_street(actor=town.zhou2, period=period, street=town.xida)
    settle_month(town, period)
    close_month(town, period)
    first = publish_month(town, period)
    with on(period.month, 50):
        change = Correction(item_of(period, town.fuhou, 4), "points", "7.00", "更正笔误。", "更正1号")
        second = correct_publication(
            actor=town.wang, second=town.wang2, period=period, corrections=[change], reason="录入有误。"
        )
    return [trial, first.data, Publication.objects.get(pk=second.pk).data]


# A community without a place last month, a star moved by its pass line.
RARELY = {"before": {"place": None}, "stars": [{"notes": ["达标线由80%改为75%"]}]}


@pytest.mark.django_db
def test_the_page_lists_every_path_with_its_kinds(town: Town) -> None:
    contents = full_month(town)
    august = Publication.objects.order_by("pk")[0].data  # has none before it
    found = shape_of([*contents, {"previous": august["previous"]}, {"changes": [RARELY]}])
    assert dict(sorted(documented().items())) == dict(sorted(found.items()))


@pytest.mark.django_db
def test_trial_and_publication_have_one_shape(town: Town) -> None:
    trial, first, _ = full_month(town)
    assert set(trial) == set(first)
    assert (trial["kind"], trial["published"], first["kind"]) == ("trial", None, "publication")


def test_a_new_field_changes_the_shape() -> None:
    assert shape_of([{"total": "1.00", "at": None}, {"total": None, "at": "at noon"}]) == {
        "total": "amount | null",
        "at": "text | null",
    }
