"""A month with the office's counts, a publication with what moved and why."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.choices import Axis
from scoring.models import Period
from scoring.selectors.checklist import closing_counts
from tests.api.conftest import Autumn, asking
from tests.people import Town
from tests.scoring.month import (
    close_month,
    item_of,
    open_month,
    play_month,
    publish_month,
    report_all,
    review,
    review_all,
    settle_month,
)

pytestmark = pytest.mark.django_db


def test_the_office_reads_the_counts_of_the_checklist(autumn: Autumn) -> None:
    address = f"/api/v1/periods/{autumn.october.pk}/"
    counts = asking(autumn.town.wang).get(address).json()["counts"]
    assert counts == closing_counts(autumn.october).as_payload()
    assert counts["total"] == sum(counts[step] for step in ("not_reported", "at_street", "at_task_force", "settled"))
    assert asking(autumn.town.lin).get(address).json()["counts"] is None


@pytest.mark.parametrize(
    ("visibility", "place", "stars"),
    [("with_points", 3, 1), ("order", 3, 0), ("bands", None, 0), ("off", "nothing", 0)],
)
def test_changes_name_their_causes_as_far_as_the_publication_allows(
    town: Town, visibility: str, place: Any, stars: int
) -> None:
    play_month(town, "2026-08")
    period: Period = open_month(town)
    report_all(town, period)
    review(town, item_of(period, town.jindi, 5), Axis.TASK_FORCE, "set", "14.00", "巡查不足。")
    review_all(town, period, axes=[Axis.TASK_FORCE])
    settle_month(town, period)
    close_month(town, period)
    period.programme.years.update(visibility=visibility)
    publication = publish_month(town, period)
    (seen,) = asking(town.lin).get(f"/api/v1/publications/{publication.pk}/").json()["changes"] or [{}]
    assert (seen.get("place", "nothing"), len(seen.get("stars", ()))) == (place, stars)
    (whole,) = asking(town.wang).get(f"/api/v1/publications/{publication.pk}/").json()["changes"]
    assert (whole["name"], whole["star_level_before"], whole["star_level"], whole["total"]) == (
        "金地社区",
        5,
        4,
        "94.00",
    )
    assert [(star["name"], star["step"], star["causes"][0]["points"]) for star in whole["stars"]] == [
        ("平安法治星", -1, "-6.00")
    ]
