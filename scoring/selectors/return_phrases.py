"""Ready-made reasons for sending an item back."""

from __future__ import annotations

from django.db.models import F, Q

from scoring.models import AssessmentItem, Programme, ReturnPhrase


def phrases_for(item: AssessmentItem) -> list[ReturnPhrase]:
    """Those in use for an item: of its star first, then of all stars."""
    own = Q(star_kind=item.task.star.kind_id) | Q(star_kind=None)
    rows = ReturnPhrase.objects.filter(own, programme=item.assessment.period.programme_id, is_active=True)
    return list(rows.order_by(F("star_kind").asc(nulls_last=True), "order", "pk"))


def phrase_named(item: AssessmentItem, pk: int | None) -> str:
    """The words of the phrase that was chosen for an item; nothing when it is not among those in use."""
    return next((phrase.text for phrase in phrases_for(item) if phrase.pk == pk), "") if pk is not None else ""


def all_phrases(programme: Programme) -> list[ReturnPhrase]:
    """Every phrase of a programme, those in use first, general ones before those of a star."""
    rows = ReturnPhrase.objects.filter(programme=programme).select_related("star_kind")
    return list(rows.order_by("-is_active", F("star_kind").asc(nulls_first=True), "order", "pk"))
