"""The short list of posts among which an organisation divides its work: titles without rights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.choices import Role
from branches.models import Organisation, Position
from branches.permissions import can_keep_duties
from branches.services.words import invalid
from core import clock
from core.errors import Invalid
from core.services import audit
from core.text import check_private, clean_text

MAX_POSTS = 20
TITLE_LENGTH = 20


@transaction.atomic
def keep_duty_posts(*, actor: Officer, organisation: Organisation, titles: Iterable[Any]) -> int:
    """Bring the list in line with `titles` (blank ones and repetitions are dropped); how many posts changed.

    A title left out is closed from today and stays where it was used; named again it is open again.
    """
    can_keep_duties(actor, organisation).require()
    wanted = checked_titles(titles)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    known = {post.title: post for post in Position.objects.filter(organisation=organisation, role=Role.DUTY)}
    before = [title for title, post in known.items() if post.closed_on is None]
    changed = _open(organisation, wanted, known) + _close(known, wanted)
    if changed:
        payload = {"before": sorted(before), "after": wanted}
        audit.record(actor=actor, verb="branches.keep_duty_posts", subject=organisation, payload=payload)
    return changed


def checked_titles(titles: Iterable[Any]) -> list[str]:
    """Cleaned titles in their order; Invalid with the line that cannot be one."""
    found: dict[str, None] = {}
    for line, raw in enumerate(titles, 1):
        try:
            title = check_private(
                clean_text(raw, max_length=TITLE_LENGTH, label="岗位名称", is_single_line=True), label="岗位名称"
            )
        except Invalid as error:
            raise invalid("titles", f"第 {line} 行：{error.message}") from error
        if title in {label for _, label in Role.choices}:
            raise invalid("titles", f"第 {line} 行：“{title}”是系统已有的岗位，不用列。")
        if title:
            found[title] = None
    if len(found) > MAX_POSTS:
        raise invalid("titles", f"分工岗位最多 {MAX_POSTS} 个，现有 {len(found)} 个。")
    return list(found)


def _open(organisation: Organisation, wanted: list[str], known: dict[str, Position]) -> int:
    fresh = [Position(organisation=organisation, role=Role.DUTY, title=title) for title in wanted if title not in known]
    Position.objects.bulk_create(fresh)
    again = [post.pk for title, post in known.items() if title in wanted and post.closed_on is not None]
    return len(fresh) + Position.objects.filter(pk__in=again).update(closed_on=None)


def _close(known: dict[str, Position], wanted: list[str]) -> int:
    gone = [post.pk for title, post in known.items() if title not in wanted and post.closed_on is None]
    return Position.objects.filter(pk__in=gone).update(closed_on=clock.today())
