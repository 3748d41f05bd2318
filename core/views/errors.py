"""Refusals and errors as pages, as plain text for htmx, as JSON for the API. Always Chinese, never a trace."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.errors import Invalid, PortalError
from core.policy import policy

API_PREFIX = "/api/"
HEADINGS = {403: "您不能办理", 409: "现在不能办理", 422: "填写有误", 503: "暂时不能办理"}


def refused(request: HttpRequest, error: PortalError) -> HttpResponse:
    """A refusal of a service in the form its asker can read, with its status."""
    problems = error.errors if isinstance(error, Invalid) else {}
    if is_api(request):
        return JsonResponse({"detail": error.message, "errors": problems}, status=error.status)
    if is_partial(request):
        lines = [error.message, *(problem for field in problems.values() for problem in field)]
        return _plain("\n".join(lines), error.status)
    context = {"message": error.message, "errors": problems, "heading": HEADINGS.get(error.status, "没有办成")}
    return render(request, "core/refused.html", context, status=error.status)


@policy("public")
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400: input that no form of ours sends. The request itself may be unusable, so the page knows nothing of it."""
    return _answer(request, 400, "请求有误，无法识别。", "400.html", is_bare=True)


@policy("public")
def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(request, 403, "当前岗位没有这项权限。", "403.html")


@policy("public")
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: no such page, or outside the scope; both read the same."""
    return _answer(request, 404, "没有这个页面，或者不在您的查看范围内。", "404.html")


@policy("public")
def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing may be asked of the database here."""
    return _answer(request, 500, "系统出错，已记入日志，请稍后再试。", "500.html", is_bare=True)


@policy("public")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "页面已过期，请刷新后再交一次。", "403_csrf.html")


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


def is_partial(request: HttpRequest) -> bool:
    """Asked by htmx for a piece of a page, not for a whole page through a boosted link."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not getattr(htmx, "boosted", False)


def _answer(request: HttpRequest, status: int, message: str, template: str, *, is_bare: bool = False) -> HttpResponse:
    if is_api(request):
        return JsonResponse({"detail": message}, status=status)
    if is_partial(request):
        return _plain(message, status)
    return HttpResponse(render_to_string(template, request=None if is_bare else request), status=status)


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
