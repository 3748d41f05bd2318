"""One item of a publication: what each voice said, who said it in which position, what counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from branches.calc.titles import post_title
from branches.models import Appointment, Organisation
from core.canonical import fixed
from scoring.models import Report, Review, Ruling, SignOff
from scoring.selectors.current import CurrentItem

Row = dict[str, Any]
Positions = dict[int, str]


def item_row(current: CurrentItem, positions: Positions | None) -> Row:
    """The item as published; `positions` names each appointment (府后社区书记), without them who acted is left out."""
    counted = current.counted
    return {
        "number": current.task.number,
        "key": current.task.key,
        "star": current.task.star,
        "full_points": current.task.full_points,
        "state": current.item.state,
        "round": current.item.round,
        "kind": counted.kind,
        "counted": amount(counted.points),
        "source": counted.source,
        "gap": amount(counted.gap),
        "is_gap": counted.is_gap,
        "is_provisional": counted.is_provisional,
        "reported": _report(current, positions),
        "street": _review(current.street, positions),
        "task_force": _review(current.task_force, positions),
        "ruling": _ruling(current.ruling, positions),
    }


def appointments_on(items: Iterable[CurrentItem]) -> list[Appointment]:
    """The appointments in which these items were reported, reviewed and ruled."""
    acts: list[Report | Review | Ruling] = []
    for current in items:
        acts += [act for act in (current.report, current.street, current.task_force, current.ruling) if act]
    return [act.appointment for act in acts]


def positions_of(held: Iterable[Appointment], names: Mapping[int, str]) -> Positions:
    """Appointment id → organisation's name (`names` by id) and role."""
    return {one.pk: post_title(names[one.position.organisation_id], one.position.get_role_display()) for one in held}


def position_of(appointment: Appointment, day: date) -> str:
    """The position of one appointment in words, under the organisation's name of that day."""
    organisation = Organisation.objects.as_of(day).get(pk=appointment.position.organisation_id)
    return positions_of([appointment], {organisation.pk: organisation.name or organisation.code})[appointment.pk]


def sign_off_row(row: SignOff, positions: Positions) -> Row:
    """A street's signature as published."""
    return {"by": row.signed_by.name, "position": positions[row.appointment_id], "at": row.at}


def _report(current: CurrentItem, positions: Positions | None) -> Row | None:
    report = current.report
    if report is None:
        return None
    return {
        "kind": report.kind,
        "points": report.points,
        "text": report.derivation,
        "note": report.note,
        "basis": report.basis,
        "ground": ground_words(report),
        **_who(report, positions, by="entered_by", confirmed_by="confirmed_by"),
        "at": report.at,
        "is_late": is_late(report, current),
    }


def ground_words(report: Report) -> str:
    """What the ground yielded when it was sent, and whether the community says otherwise; empty for nothing."""
    if not report.ground:
        return ""
    text = str(report.ground["text"])
    return text if report.ground["followed"] else f"与底数不同（{text}）"


def is_late(report: Report, current: CurrentItem) -> bool:
    """Whether the report came after its deadline, which reminds and locks nothing (rule 7)."""
    return timezone.localdate(report.at) > current.assessment.period.report_due_on


def _review(review: Review | None, positions: Positions | None) -> Row | None:
    if review is None:
        return None
    return {
        "outcome": review.outcome,
        "points": review.points,
        "reason": review.reason,
        "basis": review.basis,
        **_who(review, positions, by="reviewer"),
        "at": review.at,
    }


def _ruling(ruling: Ruling | None, positions: Positions | None) -> Row | None:
    if ruling is None:
        return None
    return {
        "purpose": ruling.purpose,
        "kind": ruling.kind,
        "points": ruling.points,
        "reason": ruling.reason,
        "document_no": ruling.document_no,
        **_who(ruling, positions, by="by", second_by="second_by"),
        "at": ruling.at,
    }


def _who(act: Report | Review | Ruling, positions: Positions | None, **parts: str) -> Row:
    """Names by the part they played and the post; all empty without `positions`, and then nobody is fetched."""
    if positions is None:
        return dict.fromkeys((*parts, "position"), "")
    people = {key: getattr(act, name) for key, name in parts.items()}
    names = {key: person.name if person is not None else None for key, person in people.items()}
    return {**names, "position": positions[act.appointment_id]}


def amount(hundredths: int | None) -> str | None:
    """Whole hundredths as frozen: 350 is `3.50`."""
    return None if hundredths is None else fixed(Decimal(hundredths).scaleb(-2))
