"""Publishing a month: a deliberate act of a named officer, refused while anything counted is unsettled. Rule 8."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.canonical import canonical_text, text_digest
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit
from scoring.choices import PeriodState
from scoring.models import Assessment, NoticeDraft, Period, Publication, Ruling, Standing, Veto
from scoring.permissions import can_direct
from scoring.selectors.content_items import position_of
from scoring.selectors.desk import unanswered_appeals
from scoring.selectors.publication_content import Fixed, publication_content
from scoring.services.locking import lock_assessments
from scoring.services.notice import clean_notice, clean_visibility
from scoring.services.rating import recompute_period


@transaction.atomic
def publish_ranking(
    *, actor: Officer, period: Period, notice: Mapping[str, Any] | None = None, visibility: str | None = None
) -> Publication:
    """Publication 1 of a closed month. Conflict names what is unsettled; published figures never change.

    `notice` is the text of the 通报 by the keys of `selectors.notice.PARTS`, `visibility` who sees the ranking; None:
    as in the office's draft, else as proposed and as the year has it. Both are fixed in the publication; the draft
    is used up.
    """
    can_direct(actor).require()
    fixed = Fixed(
        None if notice is None else clean_notice(notice), None if visibility is None else clean_visibility(visibility)
    )
    lock_assessments(period.assessments.values_list("pk", flat=True))
    locked = Period.objects.select_for_update().select_related("programme").get(pk=period.pk)
    if locked.state != PeriodState.CLOSED:
        raise Conflict(f"本月考评当前为“{locked.get_state_display()}”，先关闭再公布。")
    _refuse_unanswered(locked)
    recompute_period(locked)
    publication = write_publication(actor=actor, period=locked, number=1, fixed=fixed)
    locked.state = PeriodState.PUBLISHED
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    NoticeDraft.objects.filter(period=locked).delete()
    record_publication(actor, publication, "scoring.publish")
    return publication


def write_publication(
    *, actor: Officer, period: Period, number: int, second: Officer | None = None, reason: str = "",
    supersedes: Publication | None = None, fixed: Fixed,
) -> Publication:  # fmt: skip
    """Freeze the content and index its standings; the caller holds the locks and writes the audit entry."""
    content = publication_content(period, number, _published(actor, second, reason), fixed)
    _refuse_unsettled(content)
    text = canonical_text(content)
    publication = Publication.objects.create(
        period=period,
        number=number,
        content=text,
        sha256=text_digest(text),
        reason=reason,
        published_by=actor.person,
        second_by=second.person if second else None,
        appointment=actor.appointment,
        supersedes=supersedes,
        at=clock.now(),
    )
    _index(publication, json.loads(text))
    return publication


def record_publication(
    actor: Officer, publication: Publication, verb: str, rulings: Sequence[Ruling | Veto] = ()
) -> None:
    """The audit entry of a publication, with the digests of all rows the act wrote."""
    standings = list(publication.standings.all())
    audit.record(
        actor=actor,
        verb=verb,
        subject=publication,
        payload={
            "month": publication.period.code,
            "number": publication.number,
            "second": publication.second_by_id,
            "sha256": publication.sha256,
            "row_digests": row_digests([*rulings, publication, *standings]),
        },
    )


def _published(actor: Officer, second: Officer | None, reason: str) -> dict[str, Any]:
    return {
        "by": actor.person.name,
        "position": position_of(actor.appointment, clock.today()),
        "second_by": second.person.name if second else None,
        "reason": reason,
        "at": clock.now(),
    }


def _refuse_unanswered(period: Period) -> None:
    """An appeal is answered by a ruling before anything is published."""
    open_appeals = unanswered_appeals(period).count()
    if open_appeals:
        raise Conflict(f"还有 {open_appeals} 项复核申请没有答复，不能公布；请区创建办逐件答复。")


def _refuse_unsettled(content: dict[str, Any]) -> None:
    unsettled = [
        f"{row['name']}第{item['number']}项"
        for row in content["assessments"]
        for item in row["items"]
        if item["is_provisional"]
    ]
    if unsettled:
        shown = "、".join(unsettled[:5]) + ("等" if len(unsettled) > 5 else "")
        raise Conflict(f"还有 {len(unsettled)} 项尚未认定，不能公布：{shown}。")


def _index(publication: Publication, content: dict[str, Any]) -> None:
    """One standing an assessment: with its place, or without one when it is incomplete."""
    ids = dict(Assessment.objects.filter(period=publication.period_id).values_list("subject__code", "pk"))
    places = {row["organisation"]: row for row in content["standings"]}
    Standing.objects.bulk_create(
        _standing(publication, ids[row["organisation"]], row, places.get(row["organisation"]))
        for row in content["assessments"]
    )


def _standing(
    publication: Publication, assessment_id: int, row: dict[str, Any], place: dict[str, Any] | None
) -> Standing:
    return Standing(
        publication=publication,
        assessment_id=assessment_id,
        track=row["track"],
        place=place["place"] if place else None,
        is_tied=bool(place and place["is_tied"]),
        total=None if row["total"] is None else Decimal(row["total"]),
        star_level=row["star_level"],
    )
