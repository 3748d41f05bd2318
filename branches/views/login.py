"""Signing in: street, community, post and password, or the name of the account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth import login as begin_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from branches.forms import SignInForm
from branches.permissions import holds_any_appointment
from branches.selectors.sign_in import communities_of, sign_in_posts, streets
from core.policy import policy

BY_NAME = "account"


@sensitive_post_parameters("password")
@never_cache
@policy("public")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """One page for all steps; every choice is a link or a form that works without scripts."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is None:
            form.add_error(None, "账号或密码不对。")
        elif not holds_any_appointment(user):
            form.add_error(None, "该账号目前没有任职，请联系安全管理员。")
        else:
            begin_session(request, user)
            return redirect("core:password" if user.must_change_password else _next_page(request))
    context = {"form": form, **_choices(request)}
    name = "branches/_login.html" if request.htmx and request.method == "GET" else "branches/login.html"
    return render(request, name, context, status=422 if form.is_bound else 200)


def _choices(request: HttpRequest) -> dict[str, Any]:
    """What was chosen so far and what may be chosen next."""
    given = request.POST if request.method == "POST" else request.GET
    is_by_name = given.get("way") == BY_NAME
    offered_streets = [] if is_by_name else streets()
    street = _known(given.get("street"), offered_streets)
    communities = communities_of(street) if street else []
    unit = street if given.get("unit") == street else _known(given.get("unit"), communities)
    return {
        "is_by_name": is_by_name,
        "streets": offered_streets,
        "street": street,
        "communities": communities,
        "unit": unit,
        "posts": sign_in_posts(unit) if unit else [],
        "next": given.get("next", ""),
    }


def _known(code: str | None, places: list[Any]) -> str:
    return next((place.code for place in places if place.code == code), "")


def _next_page(request: HttpRequest) -> str:
    return safe_next(request, request.POST.get("next", ""))


def safe_next(request: HttpRequest, url: str) -> str:
    """The page asked for if it is one of ours, else the home page."""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if url and is_ours else "/"
