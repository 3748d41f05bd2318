"""The step an item waits for: every item of a month stands at exactly one of four, told from what it counts as."""

from __future__ import annotations

from scoring.calc.counted import EMPTY, Counted

NOT_REPORTED = "not_reported"
AT_STREET = "at_street"
AT_TASK_FORCE = "at_task_force"
SETTLED = "settled"
STEPS = (NOT_REPORTED, AT_STREET, AT_TASK_FORCE, SETTLED)


def step_of(counted: Counted) -> str:
    """Not reported in this round; reported and unseen by its street; seen by it and not settled; settled."""
    if counted.kind == EMPTY:
        return NOT_REPORTED
    if not counted.is_provisional:
        return SETTLED
    return AT_STREET if counted.source == "report" else AT_TASK_FORCE
