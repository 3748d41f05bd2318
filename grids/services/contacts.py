from __future__ import annotations

from django.db import transaction

from branches.acting import Officer
from branches.permissions import can_unmask_contacts
from core.errors import Invalid
from core.services import audit
from core.text import check_private, clean_text
from grids.models import GroundContact

REASON_LENGTH = 200


def unmask_contact(*, actor: Officer, row: GroundContact, reason: str) -> str:
    """The work phone of a post-holder outside the own subtree: for a stated reason, which is kept."""
    can_unmask_contacts(actor).require()
    reason = clean_text(reason, max_length=REASON_LENGTH, label="查看原因", is_single_line=True)
    check_private(reason, label="查看原因")
    if not reason:
        raise Invalid("请填写查看原因。", {"reason": ["请填写查看原因。"]})
    with transaction.atomic():
        payload = {"reason": reason, "fields": ["work_phone"]}
        audit.record(actor=actor, verb="grids.unmask_contact", subject=row, payload=payload)
    phone: str = row.work_phone
    return phone
