"""What the second person of a street signs: how much was reviewed since the last signature, and where it differs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from branches.acting import Officer
from branches.models import Organisation
from core.permit import Permit, refused
from scoring.choices import Axis
from scoring.models import AssessmentItem, Period, SignOff
from scoring.permissions import can_sign_off
from scoring.selectors.review_list import ReviewRow, Status, review_rows
from scoring.selectors.sign_offs import last_sign_off, unsigned_reviews


@dataclass(frozen=True)
class SigningSheet:
    """`reviewers` are names with the number of their reviews, for the signer to see that she is none of them."""

    last: SignOff | None
    unsigned: int
    reviewers: list[tuple[str, int]]
    communities: int
    finished: int
    different: list[ReviewRow]
    permit: Permit


def signing_sheet(period: Period, street: Organisation, officer: Officer) -> SigningSheet:
    """The batch since the last signature with the permit that the sign-off service will ask for."""
    batch = unsigned_reviews(period, street).order_by()
    by_reviewer = list(
        batch.values_list("reviewer", "reviewer__name").annotate(reviews=Count("pk")).order_by("reviewer__name")
    )
    items = AssessmentItem.objects.filter(assessment__period=period, assessment__street=street)
    rows = review_rows(items, Axis.STREET, officer)
    open_by_community = Counter(row.community_code for row in rows if row.status != Status.DONE)
    communities = {row.community_code for row in rows}
    return SigningSheet(
        last=last_sign_off(period, street),
        unsigned=sum(count for _, _, count in by_reviewer),
        reviewers=[(name, count) for _, name, count in by_reviewer],
        communities=len(communities),
        finished=len(communities - open_by_community.keys()),
        different=[row for row in rows if row.current.street is not None and _differs(row)],
        permit=_permit(officer, period, street, {pk: count for pk, _, count in by_reviewer}),
    )


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
