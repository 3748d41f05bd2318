"""Her own reminders: the list, and putting one away."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core.permissions import get_notification_for, visible_notifications
from core.policy import policy
from core.services.notifications import put_away

PER_PAGE = 30


@require_GET
@policy("visible_notifications")
def notifications(request: HttpRequest) -> HttpResponse:
    """All of hers, newest first."""
    page = Paginator(visible_notifications(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/notifications.html", {"page": page, "query": ""})


@require_POST
@policy("get_notification_for")
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    put_away(user=request.user, notification=get_notification_for(request.user, pk))  # type: ignore[arg-type]
    return redirect("/" if request.POST.get("next") == "/" else "core:notifications")
