"""What every template may use. All of it is lazy: a partial pays nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from branches.acting import Officer
from branches.calc.titles import post_title
from branches.permissions import appointments_of
from weidu_portal.pages.navigation import navigation_for, present_month, safe_reverse


def portal(request: HttpRequest) -> dict[str, Any]:
    """The officer and her post, the navigation, the month in hand (title, label), the choices of the account menu."""
    officer = getattr(request, "officer", None)
    present = SimpleLazyObject(lambda: present_month(officer or None))
    return {
        "officer": officer,
        "present_month": present,
        "officer_post": SimpleLazyObject(lambda: post_of(officer)),
        "nav": SimpleLazyObject(lambda: navigation_for(officer or None, request.path, present or None)),
        "acting_choices": SimpleLazyObject(lambda: acting_choices(request, officer)),
        "acting_url": safe_reverse("branches:acting"),
        "password_url": safe_reverse("core:password"),
        "about_me_url": safe_reverse("pages:about_me"),
        "logout_url": safe_reverse("core:logout"),
        "draft_url": safe_reverse("ledgers:draft"),
        "verify_url": safe_reverse("ledgers:verify"),
    }


def post_of(officer: Officer) -> str:
    """Organisation and role without the name: 府后社区党总支书记."""
    return officer.label.removesuffix(f" {officer.person.name}")


def acting_choices(request: HttpRequest, officer: Officer | None) -> list[dict[str, Any]]:
    """The appointments a person may act in; empty when there is nothing to choose."""
    held = appointments_of(request.user) if officer else []  # type: ignore[arg-type]
    if len(held) < 2 or officer is None:
        return []
    return [
        {
            "pk": one.pk,
            "label": post_title(one.organisation_name or "", one.position.get_role_display()),
            "is_current": one.pk == officer.appointment.pk,
        }
        for one in held
    ]
