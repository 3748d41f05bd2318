"""佐证: a file or a note recorded once, put beside items, taken away while nobody relies on it; nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models, transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.services import audit, files
from core.text import check_private, clean_text
from core.uploads.accept import Accepted
from scoring.choices import EvidenceKind
from scoring.models import AssessmentItem, Evidence, EvidenceLink, EvidenceRemoval
from scoring.permissions import can_add_evidence, can_remove_evidence
from scoring.selectors.current import CurrentItem, current_items
from scoring.services.locking import lock_assessments

MOST = 9
TITLE_LENGTH = 60
TEXT_LENGTH = 500
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """`is_known`: the community had handed in the very same file before; it was linked, not recorded again."""

    evidence: Evidence
    is_known: bool


@transaction.atomic
def record_evidence(
    *,
    actor: Officer,
    item: AssessmentItem,
    upload: Accepted | None = None,
    title: str = "",
    text: str = "",
    happened_on: date | None = None,
    form_key: UUID,
) -> Recorded:
    """A file (as `core.uploads` accepted it) or a note, put beside an item; the same form twice is recorded once."""
    current = _locked(item)
    can_add_evidence(actor, current).require()
    subject = current.assessment.subject_id
    sent = Evidence.objects.filter(form_key=str(form_key)).first()
    if sent is not None:
        return _sent_before(sent, subject)
    _check_room(item, 1)
    known = Evidence.objects.filter(organisation=subject, sha256=upload.sha256).first() if upload else None
    if known is not None:
        _link(actor, current, [known])
        return Recorded(known, is_known=True)
    evidence = _described(upload, title, text, happened_on or clock.today())
    evidence.organisation_id, evidence.form_key = subject, str(form_key)
    evidence.recorded_by, evidence.appointment, evidence.at = actor.person, actor.appointment, clock.now()
    if upload is not None:
        evidence.file = files.store_bytes(upload.content, media_type=upload.media_type)
    evidence.save(force_insert=True)
    rows = [evidence, *_linked(actor, current, [evidence])]
    audit.record(
        actor=actor,
        verb="scoring.evidence.record",
        subject=current.item,
        payload={"evidence": evidence.pk, "task": current.task.key, "row_digests": row_digests(rows)},
    )
    return Recorded(evidence, is_known=False)


@transaction.atomic
def link_evidence(*, actor: Officer, item: AssessmentItem, evidence: Collection[Evidence]) -> int:
    """Put pieces the community recorded earlier beside an item; how many were not there yet."""
    current = _locked(item)
    can_add_evidence(actor, current).require()
    if any(one.organisation_id != current.assessment.subject_id for one in evidence):
        raise Conflict("只能使用本社区登记的佐证。")
    there = set(EvidenceLink.objects.in_force().filter(item=item).values_list("evidence_id", flat=True))
    fresh = [one for one in evidence if one.pk not in there]
    _check_room(item, len(fresh))
    if fresh:
        _link(actor, current, fresh)
    return len(fresh)


@transaction.atomic
def unlink_evidence(*, actor: Officer, item: AssessmentItem, evidence_id: int) -> EvidenceRemoval:
    """Take a piece away from an item; it stays recorded, and so does that it was here."""
    current = _locked(item)
    can_remove_evidence(actor, current).require()
    link = EvidenceLink.objects.in_force().filter(item=item, evidence=evidence_id).first()
    if link is None:
        raise Conflict("该佐证已不在这一项下，请刷新后再看。")
    removal = EvidenceRemoval.objects.create(
        link=link, removed_by=actor.person, appointment=actor.appointment, at=clock.now()
    )
    audit.record(
        actor=actor,
        verb="scoring.evidence.unlink",
        subject=current.item,
        payload={"evidence": evidence_id, "task": current.task.key, "row_digests": row_digests([removal])},
    )
    return removal


def _sent_before(sent: Evidence, subject: int) -> Recorded:
    if sent.organisation_id != subject:
        raise Conflict("页面已过期，请刷新后再交。")
    return Recorded(sent, is_known=False)


def _locked(item: AssessmentItem) -> CurrentItem:
    lock_assessments([item.assessment_id])
    return current_items(AssessmentItem.objects.filter(pk=item.pk))[0]


def _check_room(item: AssessmentItem, more: int) -> None:
    there = EvidenceLink.objects.in_force().filter(item=item).count()
    if there + more > MOST:
        raise Conflict(f"每项最多 {MOST} 件佐证，现有 {there} 件；挑最能说明问题的就够了。")


def _described(upload: Accepted | None, title: str, text: str, happened_on: date) -> Evidence:
    """What was typed, checked; without a title the file's name or the first words of the note stand for one."""
    words = _checked(text, "说明", TEXT_LENGTH)
    named = _checked(title, "标题", TITLE_LENGTH, is_single_line=True)
    if not EARLIEST <= happened_on <= clock.today():
        raise Invalid("发生日期不能晚于今天。", {"happened_on": ["发生日期不能晚于今天，也不能早于 2000 年。"]})
    if upload is None:
        if not words:
            raise Invalid("请选择文件，或写一段说明。", {"file": ["请选择文件，或在下面写一段说明。"]})
        return Evidence(kind=EvidenceKind.NOTE, title=named or _first_words(words), text=words, happened_on=happened_on)
    stem = upload.name.rpartition(".")[0][:TITLE_LENGTH]
    return Evidence(
        kind=EvidenceKind.FILE,
        title=named or stem,
        text=words,
        sha256=upload.sha256,
        file_name=upload.name,
        happened_on=happened_on,
    )


def _first_words(note: str) -> str:
    """The first clause of a note, as far as a title is long."""
    return re.split(r"[\n。，；！？,;]", note)[0].strip()[:20] or note[:20]


def _checked(raw: str, label: str, longest: int, *, is_single_line: bool = False) -> str:
    field = "title" if label == "标题" else "text"
    try:
        cleaned = clean_text(raw, max_length=longest, label=label, is_single_line=is_single_line)
        return check_private(cleaned, label=label)
    except Invalid as error:
        raise Invalid(error.message, {field: [error.message]}) from error


def _link(actor: Officer, current: CurrentItem, evidence: Collection[Evidence]) -> None:
    links = _linked(actor, current, evidence)
    audit.record(
        actor=actor,
        verb="scoring.evidence.link",
        subject=current.item,
        payload={
            "evidence": [one.pk for one in evidence],
            "task": current.task.key,
            "row_digests": row_digests(links),
        },
    )


def _linked(actor: Officer, current: CurrentItem, evidence: Collection[Evidence]) -> list[EvidenceLink]:
    """New links; a piece that was here before and was taken away gets the next number. One in force stays."""
    before = dict(
        EvidenceLink.objects.filter(item=current.item, evidence__in=[one.pk for one in evidence])
        .order_by()
        .values_list("evidence")
        .annotate(last=models.Max("number"))
    )
    in_force = EvidenceLink.objects.in_force().filter(item=current.item, evidence__in=[one.pk for one in evidence])
    there = set(in_force.values_list("evidence_id", flat=True))
    return EvidenceLink.objects.bulk_create(
        EvidenceLink(
            evidence=one,
            item=current.item,
            number=before.get(one.pk, 0) + 1,
            linked_by=actor.person,
            appointment=actor.appointment,
            at=clock.now(),
        )
        for one in evidence
        if one.pk not in there
    )
