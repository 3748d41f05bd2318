"""Items over the API: the contract's fields, every voice, every filter, the cost."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.models import AssessmentItem
from scoring.selectors.current import current_items
from scoring.selectors.explain import explain_item
from scoring.services.undo import undo_review
from tests.api.conftest import Autumn, asking, rows
from tests.scoring.month import item_of, on, review

pytestmark = pytest.mark.django_db


def fuhou(autumn: Autumn, number: int) -> dict[str, Any]:
    return rows(autumn.town.wang, "items", organisation="411002001006", month="2026-10", task_number=number)[0]


def test_an_item_tells_what_each_voice_said(autumn: Autumn) -> None:
    row = fuhou(autumn, 1)
    times = [row.pop("reported_at"), *(review.pop("at") for review in row["reviews"])]
    assert [time[:10] for time in times] == ["2026-10-28", "2026-11-02", "2026-11-02"]
    item = item_of(autumn.october, autumn.town.fuhou, 1)
    assert row.pop("explanation") == explain_item(current_items(AssessmentItem.objects.filter(pk=item.pk))[0])
    assert row == {
        "id": item.pk,
        "assessment": item.assessment_id,
        "programme": "wuxing",
        "month": "2026-10",
        "organisation": "411002001006",
        "organisation_name": "府后社区",
        "street": "411002001",
        "track": "urban",
        "star": "branch_strength",
        "task_number": 1,
        "task_key": "secretary",
        "title": "争当好支书",
        "window": "month",
        "full_points": "10.00",
        "state": "submitted",
        "round": 1,
        "reported_kind": "points",
        "reported_points": "7.50",
        "form_number": "",
        "filled_on": None,
        "street_points": "6.00",
        "taskforce_points": "7.50",
        "ruled_points": None,
        "counted_points": "7.50",
        "kind": "points",
        "counted_from": "task_force",
        "gap": "1.50",
        "is_gap": True,
        "provisional": True,
        "differs_from_last_period": True,
        "reviews": [
            {
                "round": 1,
                "revision": 1,
                "in_force": True,
                "axis": "street",
                "outcome": "set",
                "points": "6.00",
                "reason": "材料不全",
                "basis": "checked",
                "organisation": "411002001",
                "role": "secretary",
            },
            {
                "round": 1,
                "revision": 1,
                "in_force": True,
                "axis": "task_force",
                "outcome": "agree",
                "points": "7.50",
                "reason": "",
                "basis": "checked",
                "organisation": "411002-zb1",
                "role": "task_force_leader",
            },
        ],
    }


def test_an_item_carries_every_review_of_every_round(autumn: Autumn) -> None:
    town, item = autumn.town, item_of(autumn.october, autumn.town.fuhou, 2)
    before = len(fuhou(autumn, 2)["reviews"])
    review(town, item, "street", "set", "5.00", "缺版面。")
    with on("2026-10", 34):
        undo_review(actor=town.zhou, item=item, axis="street")
    review(town, item, "task_force", "return", reason="请补材料。")
    told = fuhou(autumn, 2)
    given = [(one["round"], one["axis"], one["outcome"], one["in_force"]) for one in told["reviews"][before:]]
    assert given == [
        (1, "street", "set", False),
        (1, "street", "withdrawn", False),
        (1, "task_force", "return", False),
    ]
    assert (told["round"], told["street_points"]) == (2, None)


def test_empty_zero_and_not_applicable_are_told_apart(autumn: Autumn) -> None:
    told = [(fuhou(autumn, number)["kind"], fuhou(autumn, number)["counted_points"]) for number in (3, 5, 2)]
    assert told == [("not_applicable", None), ("empty", None), ("points", "6.00")]
    assert fuhou(autumn, 5)["state"] == "returned"


def test_a_contradiction_is_a_gap_as_wide_as_the_item(autumn: Autumn) -> None:
    row = fuhou(autumn, 8)
    assert (row["street_points"], row["taskforce_points"], row["gap"], row["is_gap"]) == (None, "16.00", "20.00", True)
    assert [review["outcome"] for review in row["reviews"]] == ["not_applicable", "set"]


def test_a_settled_item_carries_its_ruling(autumn: Autumn) -> None:
    row = rows(autumn.town.wang, "items", organisation="411002001006", month="2026-09", task_number=1)[0]
    assert (row["provisional"], row["differs_from_last_period"]) == (False, None)


def test_an_item_and_its_row_are_the_same(autumn: Autumn) -> None:
    row = fuhou(autumn, 1)
    assert asking(autumn.town.wang).get(f"/api/v1/items/{row['id']}/").json() == row


def test_points_are_those_of_the_one_look_at_items(autumn: Autumn) -> None:
    given = {row["id"]: row for row in rows(autumn.town.wang, "items")}
    found = current_items(AssessmentItem.objects.all())
    assert given.keys() == {current.item.pk for current in found}
    for current in found:
        row, counted = given[current.item.pk], current.counted
        points = None if counted.points is None else f"{counted.points // 100}.{counted.points % 100:02d}"
        assert (row["counted_points"], row["kind"], row["provisional"], row["is_gap"]) == (
            points,
            counted.kind,
            counted.is_provisional,
            counted.is_gap,
        )


FILTERS = {
    "month": ("2026-09", "2026-10", "2025-01"),
    "programme": ("wuxing", "other"),
    "organisation": ("411002001006", "411002006006", "411002001"),
    "street": ("411002001", "411002006"),
    "track": ("urban", "agricultural"),
    "star": ("safety_law", "ecology_livability", "no-such-star"),
    "task_key": ("secretary", "no-such-task"),
    "task_number": (1, 8, 29),
    "state": ("open", "submitted", "returned"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_gives_the_rows_that_say_so(autumn: Autumn, name: str) -> None:
    everything = rows(autumn.town.wang, "items")
    for value in FILTERS[name]:
        assert rows(autumn.town.wang, "items", **{name: value}) == [row for row in everything if row[name] == value]


@pytest.mark.parametrize(("name", "field"), [("provisional", "provisional"), ("gap", "is_gap")])
def test_what_is_unsettled_is_the_same_in_the_database_and_in_the_arithmetic(
    autumn: Autumn, name: str, field: str
) -> None:
    everything = rows(autumn.town.wang, "items")
    for value in (True, False):
        wanted = [row["id"] for row in everything if row[field] is value]
        assert wanted != []
        assert [row["id"] for row in rows(autumn.town.wang, "items", **{name: str(value).lower()})] == wanted


def test_by_what_is_reported(autumn: Autumn) -> None:
    everything = rows(autumn.town.wang, "items")
    for value, kind in (("points", "points"), ("not_applicable", "not_applicable"), ("empty", None)):
        wanted = [row["id"] for row in everything if row["reported_kind"] == kind]
        assert wanted != []
        assert [row["id"] for row in rows(autumn.town.wang, "items", reported_kind=value)] == wanted


def test_by_assessment(autumn: Autumn) -> None:
    item = item_of(autumn.october, autumn.town.fuhou, 1)
    found = rows(autumn.town.wang, "items", assessment=item.assessment_id)
    assert [(row["assessment"], row["task_number"]) for row in found] == [
        (item.assessment_id, number) for number in range(1, 9)
    ]
