"""Accounts and appointments, for the security administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.acting import acting_officer
from branches.forms import EndForm, NewAccountForm, PersonSearchForm, PostForm, ReasonForm, take_over
from branches.models import Appointment, Person
from branches.permissions import can_administer_accounts, get_person_for
from branches.selectors.people import accounts_found, posts_of
from branches.services.account import disable_account, enable_account, issue_account, open_account, reset_password
from branches.services.appointment import appoint as appoint_person
from branches.services.appointment import end_appointment
from core.errors import Conflict, Invalid
from core.policy import policy

PAGE_SIZE = 50


@policy("can_administer_accounts")
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody with posts and account, fifty a page."""
    can_administer_accounts(acting_officer(request)).require()
    form = PersonSearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(accounts_found(request.user, text), PAGE_SIZE).get_page(request.GET.get("page"))
    query = urlencode({"q": text}) + "&" if text else ""
    posts = posts_of(page.object_list)
    rows = [(person, posts[person.pk]) for person in page.object_list]
    return render(request, "branches/accounts.html", {"form": form, "page": page, "rows": rows, "query": query})


@never_cache
@policy("can_administer_accounts")
@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    """A person, her first post and her account in one act; the password is shown once."""
    can_administer_accounts(acting_officer(request)).require()
    form = NewAccountForm(request.POST or None)
    if form.is_valid():
        try:
            person, issued = issue_account(actor=acting_officer(request), **form.cleaned_data)
        except (Invalid, Conflict) as error:
            take_over(form, error)
        else:
            return _account(request, person, password=issued.password)
    context = {"form": form, "trail": [("账号", reverse("branches:accounts")), ("新开账号", "")]}
    return render(request, "branches/account_new.html", context, status=422 if form.errors else 200)


@never_cache
@policy("can_administer_accounts")
@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    can_administer_accounts(acting_officer(request)).require()
    return _account(request, get_person_for(request.user, pk))


@policy("can_administer_accounts")
@require_POST
def account_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable or enable, with a reason."""
    person = _person(request, pk)
    form = ReasonForm(request.POST)
    turn = enable_account if request.POST.get("to") == "enable" else disable_account

    def act(given: dict[str, Any]) -> None:
        turn(actor=acting_officer(request), user=_user(person), **given)

    return _acted(request, person, "reason_form", form, act)


@never_cache
@policy("can_administer_accounts")
@require_POST
def account_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time password, shown once."""
    person = _person(request, pk)
    issued = reset_password(actor=acting_officer(request), user=_user(person))
    return _account(request, get_person_for(request.user, pk), password=issued.password)


@policy("can_administer_accounts")
@require_POST
def account_open(request: HttpRequest, pk: int) -> HttpResponse:
    """An account for a person who has none yet."""
    person = _person(request, pk)
    issued = open_account(actor=acting_officer(request), person=person, username=request.POST.get("username", ""))
    return _account(request, get_person_for(request.user, pk), password=issued.password)


@policy("can_administer_accounts")
@require_POST
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)

    def act(given: dict[str, Any]) -> None:
        appoint_person(actor=acting_officer(request), person=person, **given)

    return _acted(request, person, "post_form", PostForm(request.POST), act)


@policy("can_administer_accounts")
@require_POST
def appointment_end(request: HttpRequest, pk: int, appointment: int) -> HttpResponse:
    person = _person(request, pk)
    held = get_object_or_404(Appointment, pk=appointment, person=person)

    def act(given: dict[str, Any]) -> None:
        end_appointment(actor=acting_officer(request), appointment=held, **given)

    return _acted(request, person, "end_form", EndForm(request.POST), act)


def _person(request: HttpRequest, pk: int) -> Person:
    can_administer_accounts(acting_officer(request)).require()
    person = get_person_for(request.user, pk)  # type: ignore[arg-type]
    can_administer_accounts(acting_officer(request), person).require()
    return person


def _user(person: Person) -> Any:
    if person.user is None:
        raise Conflict("该人员没有账号。")
    return person.user


def _acted(request: HttpRequest, person: Person, name: str, form: Form, act: Callable[[dict], None]) -> HttpResponse:
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except (Invalid, Conflict) as error:
            take_over(form, error)
        else:
            messages.success(request, "已办理。")
            return redirect("branches:account", pk=person.pk)
    return _account(request, person, status=422, **{name: form})


def _account(request: HttpRequest, person: Person, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        "subject": person,
        "posts": posts_of([person], every=True)[person.pk],
        "permit": can_administer_accounts(acting_officer(request), person),
        "trail": [("账号", reverse("branches:accounts")), (person.name, "")],
        "reason_form": ReasonForm(),
        "post_form": PostForm(),
        "end_form": EndForm(),
        **extra,
    }
    return render(request, "branches/account.html", context, status=status)
