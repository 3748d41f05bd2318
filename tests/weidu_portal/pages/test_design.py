"""The page of all components: under the content policy, in Chinese, without a finding of axe, whole on a phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.people import Town, build_town

SIZES = [(1366, 900), (360, 740)]
PRESSED = "a:not(.skip), button, summary, select, textarea, input[type=text], label.check, .segment"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}


@pytest.fixture
def lin_client(client: Client, town: Town) -> Client:
    client.force_login(town.lin.user)
    return client


def policy_of(answer) -> set[str]:
    return {part.strip() for part in answer["Content-Security-Policy"].split(";")}


@pytest.mark.parametrize("path", ["/design/", "/password/", "/nothing-here/"])
def test_every_answer_carries_the_strict_policy(lin_client: Client, path: str) -> None:
    answer = lin_client.get(path)
    assert policy_of(answer) == POLICY
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")


def test_the_design_page_needs_a_log_in(client: Client, db: None) -> None:
    answer = client.get(reverse("pages:design"))
    assert (answer.status_code, answer["Location"]) == (302, f"{settings.LOGIN_URL}?next=/design/")


def test_the_page_reads_chinese_only(lin_client: Client) -> None:
    text = lin_client.get(reverse("pages:design")).content.decode()
    body = re.sub(r"<[^>]*>", " ", text[text.index("<body") :])
    assert set(re.findall(r"[A-Za-z]+", body)) == {"J", "K", "A", "R"}


def test_the_header_names_the_officer_and_her_post(lin_client: Client) -> None:
    text = lin_client.get(reverse("pages:design")).content.decode()
    assert '林晓<span class="account-post">府后社区书记</span>' in text


@pytest.fixture
def design_page(browser_page, live_server, transactional_db, client: Client):
    """The page in a browser, signed in."""
    client.force_login(build_town().lin.user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    browser_page.goto(live_server.url + reverse("pages:design"))
    return browser_page


@pytest.mark.browser
def test_axe_finds_nothing_wide_or_narrow(design_page) -> None:
    for width, height in SIZES:
        design_page.set_viewport_size({"width": width, "height": height})
        report = Axe().run(design_page).response
        found = [(width, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in report["violations"]]
        assert found == []
        assert len(report["passes"]) > 20
        assert design_page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
def test_what_is_pressed_on_a_phone_is_44_pixels_high(design_page) -> None:
    design_page.set_viewport_size({"width": 360, "height": 740})
    small = design_page.evaluate(
        """(pressed) => [...document.querySelectorAll(pressed)]
             .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5)
             .map((one) => one.outerHTML)""",
        PRESSED,
    )
    assert small == []


@pytest.mark.browser
def test_keys_move_between_rows_and_press_what_the_row_declares(design_page) -> None:
    design_page.evaluate(
        "document.addEventListener('click', (event) => { window.pressed = event.target.textContent; })"
    )
    for key in ("j", "j", "a"):
        design_page.keyboard.press(key)
    assert design_page.evaluate("window.pressed") == "同意金地社区"


@pytest.mark.browser
def test_a_question_stands_before_an_act_that_asks_one(design_page) -> None:
    design_page.get_by_role("button", name="报送").first.click()
    dialog = design_page.locator("dialog[open]")
    assert dialog.locator("p").inner_text() == "确定报送 29 项？\n报送后，审核前可以撤回。"
    dialog.get_by_role("button", name="取消").click()
    assert "points=" not in design_page.url
    design_page.get_by_role("button", name="报送").first.click()
    dialog.get_by_role("button", name="报送").click()
    design_page.wait_for_url("**points=2.5**")
