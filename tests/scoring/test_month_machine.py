"""Whole months in any order: model rules, audit chain, stored = recomputed, nothing lost and nothing doubled.

`-m benchmark` plays ten times as many, other ones every time.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.people import Town
from tests.scoring.month import on, set_up_programme
from tests.scoring.month_machine import MonthMachine

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=8, stateful_step_count=18, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
MANY = settings(FEW, max_examples=60, stateful_step_count=60, derandomize=False)


def play(town: Town, how: settings) -> None:
    with on("2026-09", 24):
        set_up_programme(town)
    run_state_machine_as_test(type("TownMachine", (MonthMachine,), {"town": town}), settings=how)


def test_any_order_of_acts_leaves_every_rule_whole(town: Town) -> None:
    play(town, FEW)


@pytest.mark.benchmark
def test_many_orders_of_acts_leave_every_rule_whole(town: Town) -> None:
    play(town, MANY)
