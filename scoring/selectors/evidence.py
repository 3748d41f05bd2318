"""佐证 as pages show it: beside an item, of a community, and where the very same file was handed in elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q

from branches.acting import Officer
from branches.choices import Right
from core.models import User
from core.uploads.kinds import word_of
from scoring.models import Assessment, AssessmentItem, Evidence, EvidenceLink

OFFERED = 20
NAMED = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece beside an item. `hint`: where a reviewer may look, never a verdict."""

    pk: int
    title: str
    text: str
    kind: str
    happened_on: date
    linked_at: datetime
    linked_by: str
    is_on_behalf: bool
    hint: str


@dataclass(frozen=True, slots=True)
class Removed:
    title: str
    linked_by: str
    removed_by: str
    removed_at: datetime


@dataclass(frozen=True, slots=True)
class ItemEvidence:
    """What stands beside an item, and what did."""

    pieces: list[Piece] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)


def evidence_of(item: AssessmentItem, user: User, officer: Officer | None) -> ItemEvidence:
    """Oldest first; hints for whoever reviews. `item` comes with its assessment and period. Two queries at most."""
    if not getattr(item, "has_evidence", True):
        return ItemEvidence()
    links = EvidenceLink.objects.filter(item=item).select_related(
        *("evidence__file", "linked_by", "appointment__position", "removal__removed_by")
    )
    present = [link for link in links if not hasattr(link, "removal")]
    hints = _hints(item, [link.evidence for link in present], user) if officer and _reviews(officer) else {}
    return ItemEvidence(
        pieces=[_piece(item, link, hints.get(link.evidence_id, "")) for link in present],
        removed=[_removed(link) for link in links if hasattr(link, "removal")],
    )


def evidence_counts(assessment: Assessment) -> dict[str, int]:
    """How many pieces stand beside each item of an assessment that has some, by item id as a page writes it."""
    rows = EvidenceLink.objects.in_force().filter(item__assessment=assessment).order_by()
    return {str(pk): pieces for pk, pieces in rows.values_list("item").annotate(pieces=Count("pk"))}


def reusable_evidence(item: AssessmentItem, user: User) -> list[Evidence]:
    """The community's latest pieces that do not stand beside the item, newest first."""
    rows = Evidence.objects.visible_to(user).filter(organisation=item.assessment.subject_id)
    beside = EvidenceLink.objects.in_force().filter(item=item, evidence=OuterRef("pk"))
    return list(rows.filter(~Exists(beside)).select_related("file")[:OFFERED])


def last_month_ids(item: AssessmentItem) -> set[int]:
    """The pieces that stand beside last month's item of the same task."""
    rows = EvidenceLink.objects.in_force().filter(item=item.previous_id)
    return set(rows.values_list("evidence_id", flat=True)) if item.previous_id else set()


def uses_of(evidence: Evidence, user: User) -> list[EvidenceLink]:
    """Where a piece stands, as far as the reader sees the items; newest month first."""
    seen = AssessmentItem.objects.visible_to(user)
    links = EvidenceLink.objects.in_force().filter(evidence=evidence, item__in=seen.values("pk"))
    ready = links.select_related("item__task", "item__assessment__period")
    return list(ready.order_by("-item__assessment__period__month", "item__task__number"))


def type_word(evidence: Evidence) -> str:
    """What kind of file, or 记录 for a note."""
    return word_of(evidence.file.media_type) if evidence.file else "记录"


def _reviews(officer: Officer) -> bool:
    return any(officer.has(right) for right in (Right.REVIEW_PLACE, Right.REVIEW_THEME, Right.DIRECT))


def _piece(item: AssessmentItem, link: EvidenceLink, hint: str) -> Piece:
    evidence = link.evidence
    return Piece(
        pk=evidence.pk,
        title=evidence.title,
        text=evidence.text,
        kind=type_word(evidence),
        happened_on=evidence.happened_on,
        linked_at=link.at,
        linked_by=link.linked_by.name,
        is_on_behalf=link.appointment.position.organisation_id != item.assessment.subject_id,
        hint=hint,
    )


def _removed(link: EvidenceLink) -> Removed:
    return Removed(link.evidence.title, link.linked_by.name, link.removal.removed_by.name, link.removal.at)


def _hints(item: AssessmentItem, evidence: Collection[Evidence], user: User) -> dict[int, str]:
    """The same file (by the digest of what was handed in) at another community, or in an earlier month of this one."""
    digests = {one.sha256: one.pk for one in evidence if one.sha256}
    if not digests:
        return {}
    here = item.assessment
    is_later = Q(item__assessment__subject=here.subject_id, item__assessment__period__month__gte=here.period.month)
    seen = AssessmentItem.objects.visible_to(user).filter(pk=OuterRef("item"))
    rows = (
        EvidenceLink.objects.in_force()
        .filter(evidence__sha256__in=digests)
        .exclude(is_later)
        .annotate(is_seen=Exists(seen))
        .order_by("-item__assessment__period__month", "item__assessment__subject__code")
        .values_list(
            *("evidence__sha256", "is_seen", "item__assessment__placement__name", "item__assessment__period__month")
        )
    )
    places: dict[int, list[str]] = defaultdict(list)
    for digest, is_seen, name, month in rows:
        place = f"{name if is_seen else '其他社区'} {month.year}年{month.month}月"
        if place not in places[digests[digest]]:
            places[digests[digest]].append(place)
    return {pk: _hint(found) for pk, found in places.items()}


def _hint(places: list[str]) -> str:
    more = f" 等 {len(places)} 处" if len(places) > NAMED else ""
    return f"同一文件也见于：{'、'.join(places[:NAMED])}{more}"
