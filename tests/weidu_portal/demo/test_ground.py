"""The sample's ground adds up to the reported figures, the same each time."""

from __future__ import annotations

import csv
from random import Random

import pytest
from django.conf import settings

from weidu_portal.demo.ground.plan import (
    COMMITTEES,
    COURTYARDS,
    FANGOU_HOUSEHOLDS,
    GRIDS,
    CommunityPlan,
    plan_ground,
    spread,
)


@pytest.fixture(scope="module")
def plans() -> dict[str, CommunityPlan]:
    with (settings.BASE_DIR / "data/weidu-communities.csv").open(encoding="utf-8-sig") as file:
        rows = [
            (row["community_code"], row["community"], row["community"] == "樊沟社区") for row in csv.DictReader(file)
        ]
    return {plan.name: plan for plan in plan_ground(rows, Random("1 ground"))}


def test_the_reported_totals(plans: dict[str, CommunityPlan]) -> None:
    rows = plans.values()
    assert sum(plan.grids for plan in rows) == GRIDS == 270
    assert sum(len(plan.courtyards) for plan in rows) == COURTYARDS == 1063
    assert sum(plan.committees for plan in rows) == COMMITTEES == 177
    assert all(plan.committees + plan.yard_committees <= len(plan.courtyards) for plan in rows)


def test_what_is_known_of_single_communities(plans: dict[str, CommunityPlan]) -> None:
    qiyi, wenfeng = plans["七一社区"], plans["文峰社区"]
    assert (len(qiyi.courtyards), qiyi.grids, qiyi.branches, qiyi.yard_committees) == (23, 12, 5, 8)
    assert (len(wenfeng.courtyards), sum(not yard.is_managed for yard in wenfeng.courtyards)) == (25, 17)
    assert plans["河西社区"].branches == 8
    estate = plans["新村社区"].courtyards[0]
    assert (estate.name, estate.buildings, estate.households) == ("安装公司家属院", 24, 683)
    fangou = sum(yard.households for yard in plans["樊沟社区"].courtyards)
    assert abs(fangou - FANGOU_HOUSEHOLDS) < 10


def test_every_courtyard_lies_in_a_grid_of_its_community(plans: dict[str, CommunityPlan]) -> None:
    for plan in plans.values():
        assert {number for yard in plan.courtyards for number in yard.grids} == set(range(plan.grids))


def test_the_same_seed_is_the_same_ground() -> None:
    rows = [("1", "甲社区", False), ("2", "乙社区", True)] * 44 + [("3", "丙社区", False)]
    assert plan_ground(rows, Random("x")) == plan_ground(rows, Random("x"))
    assert plan_ground(rows, Random("x")) != plan_ground(rows, Random("y"))


def test_a_spread_keeps_what_is_known_and_its_bounds() -> None:
    counts = spread(["甲", "乙", "丙"], 20, {"乙": 11}, Random(3), least=1, most=8)
    assert (sum(counts), counts[1], min(counts) >= 1, max(counts[0], counts[2]) <= 8) == (20, 11, True, True)
