"""The way from the page of a community to what was published of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from branches.choices import Level
from branches.models import Organisation
from branches.page_links import PageLink
from core.models import User
from scoring.permissions import has_results


def link_to_results(user: User, organisation: Organisation) -> Iterable[PageLink]:
    """To the charts of its published months, for whoever may read them."""
    if organisation.level == Level.COMMUNITY and has_results(user, organisation):
        yield "考评结果", reverse("scoring:results", args=[organisation.code])
