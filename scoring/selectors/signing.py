"""What the second person of a street signs: how much was reviewed since the last signature, and where it differs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from branches.acting import Officer
from branches.models import Organisation
from core.permit import Permit, refused
from scoring.choices import Axis, ReviewBasis
from scoring.models import AssessmentItem, Period, SignOff
from scoring.permissions import can_sign_off
from scoring.selectors.review_list import ReviewRow, Status, review_rows
from scoring.selectors.sign_offs import last_sign_off, unsigned_reviews


@dataclass(frozen=True)
class OpenLine:
    """A community in which something is still open, and how many items wait, went back or were not reported."""

    community: str
    code: str
    waiting: int
    returned: int
    missing: int


@dataclass(frozen=True)
class SigningSheet:
    """`reviewers` are names with the number of their reviews, for the signer to see that she is none of them.
    `different` are the items of the batch on which the street gave something else than was reported, `signed` the
    number of those that a signature covers already; `bases` says how the rest of the batch was looked at."""

    last: SignOff | None
    unsigned: int
    reviewers: list[tuple[str, int]]
    bases: list[tuple[str, int]]
    communities: int
    finished: int
    open: list[OpenLine]
    different: list[ReviewRow]
    signed: int
    permit: Permit

    @property
    def open_items(self) -> int:
        return sum(line.waiting + line.returned + line.missing for line in self.open)


def signing_sheet(period: Period, street: Organisation, officer: Officer) -> SigningSheet:
    """The batch since the last signature with the permit that the sign-off service will ask for."""
    batch = unsigned_reviews(period, street).order_by()
    by_reviewer = list(
        batch.values_list("reviewer", "reviewer__name").annotate(reviews=Count("pk")).order_by("reviewer__name")
    )
    last = last_sign_off(period, street)
    items = AssessmentItem.objects.filter(assessment__period=period, assessment__street=street)
    rows = review_rows(items, Axis.STREET, officer)
    lines = [_open_line(list(own)) for _, own in groupby(rows, key=lambda row: row.community_code)]
    still_open = [line for line in lines if line.waiting or line.returned or line.missing]
    fresh = [row for row in rows if _is_fresh(row, last)]
    different = [row for row in rows if _differs(row)]
    return SigningSheet(
        last=last,
        unsigned=sum(count for _, _, count in by_reviewer),
        reviewers=[(name, count) for _, name, count in by_reviewer],
        bases=_bases(fresh),
        communities=len(lines),
        finished=len(lines) - len(still_open),
        open=still_open,
        different=[row for row in different if _is_fresh(row, last)],
        signed=sum(not _is_fresh(row, last) for row in different),
        permit=_permit(officer, period, street, {pk: count for pk, _, count in by_reviewer}),
    )


def _open_line(rows: list[ReviewRow]) -> OpenLine:
    found = Counter(row.status for row in rows)
    counts = (found[status] for status in (Status.WAITING, Status.RETURNED, Status.MISSING))
    return OpenLine(rows[0].community, rows[0].community_code, *counts)


def _is_fresh(row: ReviewRow, last: SignOff | None) -> bool:
    """Whether the street's view in force is not signed yet."""
    own = row.current.street
    return own is not None and (last is None or own.pk > last.last_review_id)


def _bases(rows: list[ReviewRow]) -> list[tuple[str, int]]:
    found = Counter(row.current.street.basis for row in rows if row.current.street is not None)
    return [(basis.label, found[basis]) for basis in ReviewBasis if found[basis]]


def _differs(row: ReviewRow) -> bool:
    report, own = row.current.report, row.current.street
    return report is not None and own is not None and report.points != own.points


def _permit(officer: Officer, period: Period, street: Organisation, reviewers: dict[int, int]) -> Permit:
    permit = can_sign_off(officer, period, street)
    if not permit:
        return permit
    if not reviewers:
        return refused("没有新的审核意见需要审签。")
    own = reviewers.get(officer.person.pk, 0)
    return refused(f"其中 {own} 项由您本人审核，请由本街道另一人审签。") if own else permit
