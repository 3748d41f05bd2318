"""What the ground offers to other apps' fields."""

from __future__ import annotations

from django.urls import reverse

from core.models import User
from core.suggestions import Suggestion
from grids.models import Document

MOST = 500


def documents(user: User) -> list[Suggestion]:
    """The base documents the account sees, the latest first, by their 文号."""
    rows = Document.objects.visible_to(user).standing().values_list("pk", "document_no", "title")[:MOST]
    return [Suggestion(number, title, reverse("grids:row", args=["documents", pk])) for pk, number, title in rows]
