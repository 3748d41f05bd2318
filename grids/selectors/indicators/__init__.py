"""What the indicators yield for any number of communities on a day: one way for one of them and for all.

Each register is fetched once, whatever the number of communities; docs/indicators.md lists the set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from grids.calc.indicators import FLOWS, INDICATORS, LATER, Behind, Indicator, Measured, begin_of
from grids.choices import ActivityKind
from grids.selectors.indicators import flows, standing
from grids.selectors.indicators.asked import Asked, Yield
from grids.selectors.indicators.facts import Facts

__all__ = ["INDICATORS", "LATER", "Behind", "Indicator", "Measured", "all_of", "measure"]

Key = tuple[str, str]

_HOW: dict[str, Callable[[Asked], Yield]] = {
    "centre_standard_rate": standing.centre_standard_rate,
    "centre_standard_items": standing.centre_standard_items,
    "grid_branch_coverage": standing.grid_branch_coverage,
    "committee_coverage": standing.committee_coverage,
    "managed_courtyard_rate": standing.managed_courtyard_rate,
    "self_government_post_rate": standing.self_government_post_rate,
    "overdue_rectification_count": standing.overdue_rectification_count,
    "overdue_hazard_count": standing.overdue_hazard_count,
    "overdue_environment_count": standing.overdue_environment_count,
    "visited_grid_rate": flows.visited_grid_rate,
    "service_item_count": standing.service_item_count,
    "culture_team_count": standing.culture_team_count,
    "volunteer_activity_count": flows.activities(ActivityKind.VOLUNTEER),
    "legal_publicity_count": flows.activities(
        ActivityKind.ANTI_FRAUD, ActivityKind.DRUG_TEACHING, ActivityKind.LEGAL_TEACHING
    ),
    "legal_officer_visit_count": flows.activities(ActivityKind.LEGAL_OFFICERS, ActivityKind.POLICE_DOWN),
    "skill_training_count": flows.activities(
        ActivityKind.SKILL_TRAINING, ActivityKind.COMMERCE_TRAINING, ActivityKind.FARMING_TRAINING
    ),
    "startup_training_count": flows.activities(ActivityKind.STARTUP_TRAINING),
    "greening_activity_count": flows.activities(ActivityKind.GREENING),
    "collective_income_trend": flows.collective_income_trend,
    "cooperative_items": flows.cooperative_items,
    "idle_asset_reuse_count": flows.idle_asset_reuse_count,
    "project_milestone_rate": flows.project_milestone_rate,
}


def measure(keys: Iterable[Key], community_ids: Sequence[int], day: date) -> dict[int, dict[Key, Measured]]:
    """By community id and (name, window): what each indicator yields as of the end of `day`.

    A name that is not in `INDICATORS`, or a window it does not know, is left out. At most some 17 queries for all
    indicators together, however many communities.
    """
    wanted = [key for key in dict.fromkeys(keys) if key[0] in INDICATORS and key[1] in INDICATORS[key[0]].windows]
    facts = Facts(community_ids, day)
    return {pk: {key: _measured(facts, pk, *key) for key in wanted} for pk in facts.ids}


def all_of(community_id: int, day: date) -> list[Measured]:
    """Every indicator of one community in each of its windows, in the order of the set."""
    keys = [(one.name, window) for one in INDICATORS.values() for window in one.windows]
    return list(measure(keys, [community_id], day)[community_id].values())


def _measured(facts: Facts, community_id: int, name: str, window: str) -> Measured:
    indicator = INDICATORS[name]
    since = begin_of(window, facts.day) if indicator.windows == FLOWS else None
    found = _HOW[name](Asked(facts, community_id, since))
    return Measured(
        indicator=indicator,
        window=window,
        since=since,
        on=facts.day,
        numerator=found.numerator,
        denominator=found.denominator,
        parts=found.parts,
        lack=found.lack,
        rows=found.rows,
    )
