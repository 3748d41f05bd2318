"""The browser fixture itself: it reaches the running portal, and it notices what a page may not do."""

import pytest
from django.urls import reverse


@pytest.mark.django_db(transaction=True)
def test_the_browser_reaches_the_portal(browser_page, live_server) -> None:
    answer = browser_page.goto(live_server.url + reverse("core:healthz"))
    assert answer.status == 200
