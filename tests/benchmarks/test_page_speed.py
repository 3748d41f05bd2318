"""The busiest pages against a signed-in page that says nothing, in one process and one run; what the form weighs."""

from __future__ import annotations

import re
from statistics import median
from time import perf_counter

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from branches.acting import Officer
from tests.people import Town
from tests.scoring.month import Month, on, open_month, play_month, sample_editions

pytestmark = pytest.mark.django_db
ROUNDS = 40


def client_of(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def hellos(client: Client, path: str) -> float:
    """How many empty pages a page costs; both in turns, so that a busy moment hits both."""
    taken: dict[str, list[float]] = {path: [], "/password/": []}
    for _ in range(ROUNDS):
        for asked, times in taken.items():
            started = perf_counter()
            assert client.get(asked).status_code == 200
            times.append(perf_counter() - started)
    return median(taken[path]) / median(taken["/password/"])


@pytest.mark.benchmark
def test_a_form_of_29_rows_costs_at_most_three_hellos(town: Town) -> None:
    month = Month(town, open_month(town, editions=sample_editions()))
    with on("2026-09", 27):
        ratio = hellos(client_of(town.lin), f"/assessments/{month.assessment().pk}/")
    print(f"\nreport form: {ratio:.2f} hellos")
    assert ratio <= 3


@pytest.mark.benchmark
def test_the_ranking_costs_at_most_four_hellos(town: Town) -> None:
    play_month(town, "2026-09")
    with on("2026-10", 15):
        ratio = hellos(client_of(town.wang), "/rankings/2026-09/")
    print(f"\nranking: {ratio:.2f} hellos")
    assert ratio <= 4


def test_the_first_screen_of_the_form_weighs_at_most_100_kb(town: Town) -> None:
    """Uncompressed, with every script that a script imports."""
    month = Month(town, open_month(town, editions=sample_editions()))
    with on("2026-09", 27):
        page = client_of(town.lin).get(f"/assessments/{month.assessment().pk}/").content
    weights = weights_of(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))
    print(f"\npage {len(page)} bytes, files {weights}")
    assert {"css/report.css", "js/report-form.js", "js/toast.js"} < weights.keys()
    assert len(page) + sum(weights.values()) <= 100 * 1024


def weights_of(names: list[str]) -> dict[str, int]:
    weights: dict[str, int] = {}
    while names:
        name = names.pop()
        found = finders.find(name)
        assert found, name
        with open(found, "rb") as file:
            content = file.read()
        weights[name] = len(content)
        folder = name.rpartition("/")[0]
        imported = [f"{folder}/{one}" for one in re.findall(r'from "\./([^"]+)"', content.decode())]
        names += [one for one in imported if one not in weights]
    return weights
