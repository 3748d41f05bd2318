"""Choosing the appointment one acts in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from branches.middleware import SESSION_KEY
from branches.permissions import appointments_of
from branches.selectors.officers import officer_in
from branches.views.login import safe_next
from core.policy import policy


@policy("login")
@require_POST
def acting(request: HttpRequest) -> HttpResponse:
    """Only own appointments in force can be chosen; all others do not exist."""
    wanted = request.POST.get("appointment", "")
    chosen = next((held for held in appointments_of(request.user) if str(held.pk) == wanted), None)  # type: ignore[arg-type]
    if chosen is None:
        raise Http404("没有这个任职。")
    request.session[SESSION_KEY] = chosen.pk
    messages.success(request, f"现在以“{officer_in(chosen).label}”办理。")
    return redirect(safe_next(request, request.POST.get("next", "")))
