"""Every refusal is answered in Chinese, in the form its asker can read, with its status."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from core.errors import Conflict, Forbidden, Invalid
from core.policy import policy

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
REFUSALS = {
    "invalid": Invalid("填写有误。", {"points": ["分值不能小于 0。"]}),
    "forbidden": Forbidden("只有区创建办可以。"),
    "conflict": Conflict("本月已经关闭。"),
    "bug": ZeroDivisionError(),
}


@policy("public")
def refuse(request, kind):
    raise REFUSALS[kind]


@policy("public")
def fine(request):
    return HttpResponse("ok")


urlpatterns = [
    path("refuse/<kind>/", refuse),
    path("api/refuse/<kind>/", refuse),
    path("fine/", fine),
    path("", include("weidu_portal.urls")),
]
handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.permission_denied"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"

CASES = [("invalid", 422, "填写有误。"), ("forbidden", 403, "只有区创建办可以。"), ("conflict", 409, "本月已经关闭。")]


@pytest.mark.parametrize(("kind", "status", "message"), CASES)
def test_a_refusal_is_a_page(client, kind, status, message):
    response = client.get(f"/refuse/{kind}/")
    assert response.status_code == status
    assert f"<p>{message}</p>" in response.content.decode()
    assert [template.name for template in response.templates][0] == "core/refused.html"


def test_a_page_names_what_is_wrong_with_each_field(client):
    assert "<p>分值不能小于 0。</p>" in client.get("/refuse/invalid/").content.decode()


@pytest.mark.parametrize(("kind", "status", "message"), CASES)
def test_htmx_gets_plain_sentences(client, kind, status, message):
    response = client.get(f"/refuse/{kind}/", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert response.content.decode().splitlines() == [message, "分值不能小于 0。"][: 2 if kind == "invalid" else 1]


def test_a_boosted_link_gets_a_page(client):
    response = client.get("/refuse/conflict/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert response.content.startswith(b"<!doctype html>")


@pytest.mark.parametrize(("kind", "status", "message"), CASES)
def test_the_api_gets_json(client, kind, status, message):
    response = client.get(f"/api/refuse/{kind}/")
    errors = {"points": ["分值不能小于 0。"]} if kind == "invalid" else {}
    assert (response.status_code, response.json()) == (status, {"detail": message, "errors": errors})


def test_a_missing_page(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "地址不对，或者不在您的查看范围内。" in response.content.decode()
    assert client.get("/api/no/such/").json() == {"detail": "没有这个页面，或者不在您的查看范围内。"}


def test_a_bug_says_nothing_of_itself():
    client = Client(raise_request_exception=False)
    page, partial = client.get("/refuse/bug/"), client.get("/refuse/bug/", headers={"HX-Request": "true"})
    assert (page.status_code, partial.status_code) == (500, 500)
    assert "ZeroDivision" not in page.content.decode()
    assert "这一步没有办成，错误已记入系统日志。" in page.content.decode()
    assert partial.content.decode() == "系统出错，已记入日志，请稍后再试。"
    assert client.get("/api/refuse/bug/").json() == {"detail": "系统出错，已记入日志，请稍后再试。"}


def test_a_bug_page_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client(raise_request_exception=False).get("/refuse/bug/").status_code == 500


def test_a_post_without_token_is_refused_in_words():
    response = Client(enforce_csrf_checks=True).post("/fine/")
    assert response.status_code == 403
    assert "页面停留太久或在别处重新登录过" in response.content.decode()


def test_a_forged_host_is_a_bad_request(settings):
    response = Client().get("/fine/", headers={"host": "evil.example"})
    assert (response.status_code, "什么也没有改动" in response.content.decode()) == (400, True)
