"""Writing the 通报 before it is signed: a draft of the office, kept without an audit entry as drafts are (rule 12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid
from core.text import check_private, clean_text
from scoring.choices import Visibility
from scoring.models import NoticeDraft, Period
from scoring.permissions import can_direct
from scoring.selectors.notice import PARTS


@transaction.atomic
def save_notice_draft(
    *, actor: Officer, period: Period, text: Mapping[str, Any], visibility: str, version: int = 0
) -> NoticeDraft:
    """Keep text and visibility for the next who opens the page.

    `version` is that of the draft the person looked at, 0 where there was none: Conflict when another has been saved
    since. Invalid names every part that cannot stay as typed.
    """
    can_direct(actor).require()
    cleaned, chosen = clean_notice(text), clean_visibility(visibility)
    locked = Period.objects.select_for_update().get(pk=period.pk)
    _refuse_published(locked)
    kept = NoticeDraft.objects.filter(period=locked).select_related("saved_by").first()
    if (kept.version if kept else 0) != version:
        raise Conflict(_overtaken(kept))
    draft = kept or NoticeDraft(period=locked, version=0)
    draft.text, draft.visibility = cleaned, chosen
    draft.version += 1
    draft.saved_by, draft.at = actor.person, clock.now()
    draft.save()
    return draft


@transaction.atomic
def discard_notice_draft(*, actor: Officer, period: Period) -> None:
    """Go back to the proposed text."""
    can_direct(actor).require()
    _refuse_published(Period.objects.select_for_update().get(pk=period.pk))
    NoticeDraft.objects.filter(period=period).delete()


def clean_notice(raw: Mapping[str, Any]) -> dict[str, str]:
    """The text as typed, part by part; Invalid names every part that cannot stay so."""
    found, errors = {}, {}
    for part, (label, longest) in PARTS.items():
        try:
            text = clean_text(raw.get(part, ""), max_length=longest, label=label, is_single_line=part == "title")
            found[part] = check_private(text, label=label)
        except Invalid as error:
            errors[part] = [error.message]
    if not errors and not found["title"]:
        errors["title"] = ["请填写通报的标题。"]
    if errors:
        raise Invalid("；".join(message for one in errors.values() for message in one), errors)
    return found


def clean_visibility(raw: str) -> str:
    if raw not in Visibility.values:
        raise Invalid("请选择公开范围。", {"visibility": ["请选择公开范围。"]})
    return raw


def _refuse_published(period: Period) -> None:
    if period.is_published:
        raise Conflict("本月结果已公布，通报不能再改；有误的由区创建办更正。")


def _overtaken(kept: NoticeDraft | None) -> str:
    if kept is None:
        return "通报草稿已被放弃，请重新打开本页再改。"
    return f"{kept.saved_by.name}刚刚保存了通报草稿，请重新打开本页，在新的草稿上改。"
