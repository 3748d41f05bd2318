"""Permits, refusals, guards, policies and duties: small words everything else is built on."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from core import access, guards
from core.errors import Conflict, Forbidden, Invalid, PortalError
from core.models import User
from core.permit import ALLOWED, refused
from core.policy import policy

DAY = date(2026, 10, 1)


def test_an_allowed_permit_is_true_and_requires_nothing():
    assert bool(ALLOWED)
    assert ALLOWED.require() is None


def test_a_refused_permit_is_false_and_raises_its_reason():
    permit = refused("只有区创建办可以。")
    assert not permit
    with pytest.raises(Forbidden, match="只有区创建办可以。"):
        permit.require()


def test_refusals_carry_their_status():
    assert [kind.status for kind in (PortalError, Invalid, Forbidden, Conflict)] == [400, 422, 403, 409]
    assert Invalid("x").errors == {}


@pytest.fixture
def no_guards(monkeypatch):
    monkeypatch.setattr(guards, "_guards", guards.defaultdict(list))


def test_guards_give_all_their_reasons(no_guards):
    guards.register("test.close", lambda subject, day: f"{subject}还有 1 件诉求")
    guards.register("test.close", lambda subject, day: "")
    guards.register("test.close", lambda subject, day: f"{day} 在考评期内")
    with pytest.raises(Conflict, match="网格还有 1 件诉求；2026-10-01 在考评期内"):
        guards.check("test.close", "网格", DAY)
    guards.check("test.other", "网格", DAY)


def test_a_guard_registered_twice_speaks_once(no_guards):
    def guard(subject, day):
        return "不行"

    guards.register("test.close", guard)
    guards.register("test.close", guard)
    assert guards.reasons_against("test.close", None, DAY) == ["不行"]


@policy("login")
def for_the_signed_in(request):
    return HttpResponse("in")


@policy("public")
def for_everybody(request):
    return HttpResponse("out")


def ask(view, user, **attributes):
    request = RequestFactory().get("/somewhere/?a=1")
    request.user = user
    for name, value in attributes.items():
        setattr(request, name, value)
    return view(request)


def test_a_policy_asks_for_log_in_and_comes_back():
    response = ask(for_the_signed_in, AnonymousUser())
    assert (response.status_code, response.url) == (302, "/login/?next=/somewhere/%3Fa%3D1")


def test_a_policy_answers_htmx_with_a_sentence():
    response = ask(for_the_signed_in, AnonymousUser(), htmx=True)
    assert (response.status_code, response.content.decode()) == (401, "登录已过期，请重新登录。")


def test_a_policy_lets_in_and_names_itself():
    assert ask(for_the_signed_in, User(username="lin")).content == b"in"
    assert ask(for_everybody, AnonymousUser()).content == b"out"
    assert (for_the_signed_in.policy, for_everybody.policy) == ("login", "public")


def test_without_a_checker_nobody_holds_a_duty(monkeypatch):
    monkeypatch.setattr(access, "_checkers", [])
    assert not access.has_duty(User(username="lin"), access.READ_AUDIT)
    access.register_checker(lambda user, duty: user.username == "auditor" and duty == access.READ_AUDIT)
    assert access.has_duty(User(username="auditor"), access.READ_AUDIT)
    assert not access.has_duty(AnonymousUser(), access.READ_AUDIT)
    assert access.can_hold(User(username="lin"), access.READ_AUDIT).reason == "只有审计管理员可以进行此操作。"
