"""The last screen of a month's entry: what was sent, so that nobody wonders whether it arrived."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.templatetags.portal import points as plain
from scoring.choices import ItemState, ReportBasis, ReportKind
from scoring.models import Report
from scoring.selectors.current import CurrentItem
from scoring.selectors.report_row import time_words


@dataclass(frozen=True, slots=True)
class Receipt:
    """All items of a community are sent: when the last went, how many in which way, with which points."""

    at: str
    total: int
    entered: int
    unchanged: int
    proposed: int
    not_applicable: int
    points: str


def receipt(found: list[CurrentItem]) -> Receipt | None:
    """The receipt once nothing is left to send; None before, and where nothing was ever sent."""
    open_items = [one for one in found if one.item.state != ItemState.SUBMITTED and one.ruling is None]
    reports = [one.report for one in found if one.report is not None]
    if open_items or not reports:
        return None
    unchanged = sum(report.basis == ReportBasis.UNCHANGED for report in reports)
    proposed = sum(report.basis == ReportBasis.PROPOSED for report in reports)
    return Receipt(
        at=time_words(max(report.at for report in reports)),
        total=len(reports),
        entered=len(reports) - unchanged - proposed,
        unchanged=unchanged,
        proposed=proposed,
        not_applicable=sum(report.kind == ReportKind.NOT_APPLICABLE for report in reports),
        points=plain(_points(reports)),
    )


def _points(reports: list[Report]) -> Decimal:
    return sum((report.points for report in reports if report.points is not None), Decimal(0))
