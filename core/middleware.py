"""Middleware without business: one duty each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect

from core import clock
from core.errors import Forbidden, PortalError

Handler = Callable[[HttpRequest], HttpResponse]

IDLE_LIMIT = timedelta(minutes=60)
SESSION_LIMIT = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)
PASSWORD = "core:password"


def no_store(get_response: Handler) -> Handler:
    """Pages behind log-in are never kept by a browser or a proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def compressed_static(get_response: Handler) -> Handler:
    """Style sheets and scripts go out compressed where no proxy does it. Pages never do: beside a secret, the length
    of what was compressed would tell about it."""
    compressing = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        is_whole_file = request.path.startswith(settings.STATIC_URL) and "Range" not in request.headers
        return compressing(request) if is_whole_file else get_response(request)  # type: ignore[return-value]

    return middleware


def refusals(get_response: Handler) -> Handler:
    """A refusal that a view lets through becomes an answer with its message and status."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        from core.views.errors import refused

        return refused(request, exception) if isinstance(exception, PortalError) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def own_password_first(get_response: Handler) -> Handler:
    """A password that somebody else set opens nothing but the page that changes it, and the way out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        from core.views.errors import is_api, is_partial, refused

        if getattr(view, "policy", "") == "public" or not getattr(request.user, "must_change_password", False):
            return None
        if request.resolver_match is not None and request.resolver_match.view_name == PASSWORD:
            return None
        if is_api(request) or is_partial(request):
            return refused(request, Forbidden("请先修改密码。"))
        return redirect(PASSWORD)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def session_limits(get_response: Handler) -> Handler:
    """Signs out after an hour without a request, and eight hours after signing in whatever happened."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and not _goes_on(request):
            logout(request)
        return get_response(request)

    return middleware


def _goes_on(request: HttpRequest) -> bool:
    now = clock.now().timestamp()
    signed_in_at = request.session.setdefault("signed_in_at", now)
    seen_at = request.session.get("seen_at", now)
    if now - signed_in_at > SESSION_LIMIT.total_seconds() or now - seen_at > IDLE_LIMIT.total_seconds():
        return False
    if now - seen_at >= SEEN_EVERY.total_seconds() or "seen_at" not in request.session:
        request.session["seen_at"] = now
    return True
