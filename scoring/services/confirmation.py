"""代填: the community stands by what its street or the office sent for it. It hinders no review. Rule 5."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit
from scoring.models import Assessment, Confirmation, Report
from scoring.permissions import can_confirm
from scoring.selectors.on_behalf import awaiting_confirmation
from scoring.services.locking import lock_assessments


@transaction.atomic
def confirm_reports(*, actor: Officer, assessment: Assessment, report_ids: Collection[int]) -> list[Confirmation]:
    """Confirm the reports that were looked at, all at once; Conflict when one of them waits no longer.

    What she sent herself in another post she does not confirm.
    """
    lock_assessments([assessment.pk])
    can_confirm(actor, assessment).require()
    waiting = awaiting_confirmation().filter(item__assessment=assessment, pk__in=list(report_ids))
    reports: list[Report] = list(waiting.exclude(appointment__person=actor.person).order_by("pk"))
    if not reports or len(reports) < len(set(report_ids)):
        raise Conflict("待确认的代填事项已有变化，请刷新页面核对后再确认。")
    confirmations = Confirmation.objects.bulk_create(
        Confirmation(report=report, by=actor.person, appointment=actor.appointment, at=clock.now())
        for report in reports
    )
    audit.record(
        actor=actor,
        verb="scoring.confirm_reports",
        subject=assessment,
        payload={"reports": [report.pk for report in reports], "row_digests": row_digests(confirmations)},
    )
    return confirmations
