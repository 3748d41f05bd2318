"""Sets `request.officer`: the signed-in person in the appointment she acts in, or None."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from branches.acting import Officer
from branches.permissions import appointments_of
from branches.selectors.officers import officer_in

SESSION_KEY = "acting_appointment"


def acting(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lazy: pages that act for nobody pay no query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.officer = SimpleLazyObject(lambda: officer_of(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def officer_of(request: HttpRequest) -> Officer | None:
    """The chosen appointment if it still holds, else the oldest one; None without any."""
    if not request.user.is_authenticated:
        return None
    held = appointments_of(request.user)
    if not held:
        return None
    chosen = request.session.get(SESSION_KEY)
    return officer_in(next((one for one in held if one.pk == chosen), held[0]))
