"""What somebody else sent for a community, and what of it the community has still to stand by."""

from __future__ import annotations

from django.db.models import F, QuerySet

from scoring.models import Confirmation, Report
from scoring.selectors.current import CurrentItem


def awaiting_confirmation() -> QuerySet[Report]:
    """Reports of the present rounds that the street or the office sent, not yet confirmed by the community."""
    return Report.objects.filter(round=F("item__round"), confirmed_by__isnull=True, confirmation__isnull=True).exclude(
        appointment__position__organisation=F("item__assessment__subject")
    )


def is_on_behalf(current: CurrentItem) -> bool:
    """Whether the report in force was sent by somebody outside the community."""
    return current.report is not None and current.report_organisation_id != current.assessment.subject_id


def attach_confirmations(found: list[CurrentItem]) -> None:
    """Give items sent on behalf what the community said to them; one query, none where nothing was."""
    own = {one.report.pk: one for one in found if one.report is not None and is_on_behalf(one)}
    if not own:
        return
    for confirmation in Confirmation.objects.filter(report__in=list(own)).select_related("by"):
        own[confirmation.report_id].confirmation = confirmation


def awaits_confirmation(current: CurrentItem) -> bool:
    """Of items that `attach_confirmations` has seen."""
    if not is_on_behalf(current) or current.report is None:
        return False
    return current.report.confirmed_by_id is None and current.confirmation is None
