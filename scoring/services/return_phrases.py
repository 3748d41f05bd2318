"""Keeping the ready-made reasons for returns. What reviews said stays as it was said."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from branches.acting import Officer
from core.errors import Conflict, Invalid
from core.services import audit
from scoring.models import Programme, ReturnPhrase, StarKind
from scoring.permissions import can_keep_phrases
from scoring.services.entries import clean_reason

LONGEST = 100
MOST_IN_USE = 60


@transaction.atomic
def add_phrase(
    *, actor: Officer, programme: Programme, text: Any, star_kind: StarKind | None = None, order: Any = 10
) -> ReturnPhrase:
    """A new phrase of the programme, or of one of its stars; Conflict when there are too many to choose from."""
    can_keep_phrases(actor).require()
    if ReturnPhrase.objects.filter(programme=programme, is_active=True).count() >= MOST_IN_USE:
        raise Conflict(f"在用的退回用语最多 {MOST_IN_USE} 条，请先停用不常用的。")
    phrase = ReturnPhrase(programme=programme, star_kind=star_kind)
    _write(phrase, text, order)
    _record(actor, "scoring.return_phrase.add", phrase, {})
    return phrase


@transaction.atomic
def change_phrase(
    *, actor: Officer, phrase: ReturnPhrase, text: Any, star_kind: StarKind | None, order: Any
) -> ReturnPhrase:
    """Other words, another star or place."""
    can_keep_phrases(actor).require()
    kept = ReturnPhrase.objects.select_for_update().get(pk=phrase.pk)
    before = _content(kept)
    kept.star_kind = star_kind
    _write(kept, text, order)
    _record(actor, "scoring.return_phrase.change", kept, before)
    return kept


@transaction.atomic
def retire_phrase(*, actor: Officer, phrase: ReturnPhrase, is_active: bool = False) -> ReturnPhrase:
    """Take a phrase out of use, or back into it."""
    can_keep_phrases(actor).require()
    kept = ReturnPhrase.objects.select_for_update().get(pk=phrase.pk)
    before = _content(kept)
    kept.is_active = is_active
    kept.save(update_fields=["is_active"])
    verb = "scoring.return_phrase.restore" if is_active else "scoring.return_phrase.retire"
    _record(actor, verb, kept, before)
    return kept


def _write(phrase: ReturnPhrase, text: Any, order: Any) -> None:
    phrase.text = clean_reason(text, field="text", label="用语", longest=LONGEST)
    phrase.order = _order(order)
    same = ReturnPhrase.objects.filter(
        programme=phrase.programme, star_kind=phrase.star_kind, text=phrase.text, is_active=True
    )
    if same.exclude(pk=phrase.pk).exists():
        raise Conflict("已有同样的用语。")
    phrase.save()


def _order(raw: Any) -> int:
    text = str(raw).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise Invalid("次序须为 0 到 999 的整数。", {"order": ["次序须为 0 到 999 的整数。"]})
    return int(text)


def _record(actor: Officer, verb: str, phrase: ReturnPhrase, before: dict[str, Any]) -> None:
    payload = {"before": before, "after": _content(phrase)}
    audit.record(actor=actor, verb=verb, subject=phrase, payload=payload)


def _content(phrase: ReturnPhrase) -> dict[str, Any]:
    star = phrase.star_kind.code if phrase.star_kind else ""
    return {"text": phrase.text, "star": star, "order": phrase.order, "is_active": phrase.is_active}
