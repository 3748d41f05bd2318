"""The saving of a row while it is typed: said when it is stored, never lost when it is not."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.people import build_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = """() => {
  document.querySelector("main").innerHTML = `
    <form data-autosave method="post" action="/save-here/">
      <input name="expected_version" value="1"><input name="note" id="note"><p class="saved"></p>
    </form>
    <form method="get" action="/design/" id="submit"><button name="done" value="1">报送</button></form>`;
  return import("/static/js/autosave.js?again=" + Date.now());
}"""


@pytest.fixture
def row(browser_page, live_server, client: Client):
    """A page with one row to save and a further form; `answers` says what the server does, `sent` what it got."""
    client.force_login(build_town().lin.user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    browser_page.goto(live_server.url + reverse("pages:design"))
    browser_page.evaluate(FORM)
    return browser_page


def answer(page, status: int, content: dict) -> list[str]:
    sent: list[str] = []

    def fulfil(route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=status, json=content)

    page.route("**/save-here/", fulfil)
    return sent


def words(page) -> str:
    """What stands beside the row when the saving has come to an end."""
    expect(page.locator(".saved")).not_to_have_text(re.compile("^$|正在"))
    return page.locator(".saved").inner_text()


def kept(page) -> int:
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('autosave:')).length")


def test_a_change_is_saved_once_typing_rests(row) -> None:
    sent = answer(row, 200, {"saved_at": "19:03", "version": 2})
    row.locator("#note").press_sequentially("开会四次", delay=20)
    assert words(row) == "已存 19:03"
    assert (len(sent), "开会四次" in sent[0]) == (1, True)
    assert (row.locator("[name=expected_version]").input_value(), kept(row)) == ("2", 0)


def test_a_conflict_is_told_and_the_text_is_kept(row) -> None:
    answer(row, 409, {"message": "林青 19:01 已改过这一项。"})
    row.locator("#note").fill("开会四次")
    assert words(row) == "未存：林青 19:01 已改过这一项。"
    assert row.locator("#toasts").inner_text() == "林青 19:01 已改过这一项。"
    assert kept(row) == 1


def test_without_a_network_the_text_comes_back_after_a_reload(row) -> None:
    row.route("**/save-here/", lambda route: route.abort())
    row.locator("#note").fill("开会四次")
    assert words(row) == "网络不通，内容已留在本机，稍后自动重存"
    row.unroute("**/save-here/")
    answer(row, 200, {"saved_at": "19:05", "version": 2})
    row.evaluate(FORM)
    assert row.locator("#note").input_value() == "开会四次"
    assert (words(row), kept(row)) == ("已存 19:05", 0)


def test_kept_text_never_runs_over_a_newer_version(row) -> None:
    row.route("**/save-here/", lambda route: route.abort())
    row.locator("#note").fill("开会四次")
    words(row)
    row.evaluate(FORM.replace('value="1"', 'value="3"', 1))
    assert row.locator("#note").input_value() == ""
    assert words(row) == "上次有内容没存上，这一项后来又改过，请核对：开会四次"


def test_another_form_waits_until_the_row_is_saved(row) -> None:
    sent = answer(row, 200, {"saved_at": "19:03", "version": 2})
    row.locator("#note").fill("开会四次")
    row.get_by_role("button", name="报送").click()
    row.wait_for_url("**/design/?done=1")
    assert len(sent) == 1


def test_another_form_does_not_run_over_a_row_that_was_refused(row) -> None:
    answer(row, 422, {"message": "自评分超过满分。"})
    row.locator("#note").fill("开会四次")
    row.get_by_role("button", name="报送").click()
    assert words(row) == "未存：自评分超过满分。"
    assert row.locator("#toasts").inner_text() == "还有内容没有存上，请先改好再办理。"
    assert row.url.endswith("/design/")
