from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from scoring.models import Rubric
from tests.scoring.rubrics import sample_programme_in_town, urban_draft

ADDRESS = "/api/v1/rubrics/"


@pytest.fixture
def programme(town):
    found = sample_programme_in_town()
    urban_draft(found)
    return found


def asking(officer):
    client = APIClient()
    client.force_authenticate(officer.user)
    return client


def test_the_list_gives_published_editions_with_frozen_tasks(town, programme):
    answer = asking(town.lin).get(ADDRESS).json()
    assert [(row["track"], row["number"], row["first_month"]) for row in answer["results"]] == [
        ("agricultural", 1, "2026-10"),
        ("urban", 1, "2026-10"),
    ]
    urban = Rubric.objects.get(track="urban", number=1)
    row = answer["results"][1]
    assert (row["programme"], row["label"], row["sha256"]) == ("weidu-five-star", urban.label, urban.sha256)
    frozen = [task for star in urban.frozen["stars"] for task in star["tasks"]]
    given = [task for star in row["stars"] for task in star["tasks"]]
    assert given == [{key: task[key] for key in given[0]} for task in frozen]
    assert sum(Decimal(task["full_points"]) for task in given) == 100


def test_one_edition_is_the_same_as_its_row_in_the_list(town, programme):
    client = asking(town.zheng[0])
    row = client.get(ADDRESS).json()["results"][0]
    assert client.get(f"{ADDRESS}{row['id']}/").json() == row


@pytest.mark.parametrize(
    ("query", "tracks"),
    [
        ("track=urban", ["urban"]),
        ("track=agricultural&programme=weidu-five-star", ["agricultural"]),
        ("programme=other", []),
    ],
)
def test_filters_narrow_the_list(town, programme, query, tracks):
    assert [row["track"] for row in asking(town.wang).get(f"{ADDRESS}?{query}").json()["results"]] == tracks


def test_an_unknown_track_is_refused_in_chinese(town, programme):
    answer = asking(town.wang).get(f"{ADDRESS}?track=rural")
    assert (answer.status_code, list(answer.json())) == (400, ["track"])


@pytest.mark.parametrize("key", ["sysadmin", "secadmin", "auditor"])
def test_administrators_get_nothing(town, programme, key):
    client = asking(town.everybody[key])
    urban = Rubric.objects.get(track="urban", number=1)
    assert client.get(ADDRESS).json()["results"] == []
    assert client.get(f"{ADDRESS}{urban.pk}/").status_code == 404


def test_a_draft_is_not_given_even_to_the_office(town, programme):
    draft = Rubric.objects.get(number=2)
    assert asking(town.wang).get(f"{ADDRESS}{draft.pk}/").status_code == 404


def test_nobody_reads_without_an_account_and_nobody_writes(town, programme):
    assert APIClient().get(ADDRESS).status_code == 401
    assert [getattr(asking(town.wang), verb)(ADDRESS).status_code for verb in ("post", "put", "delete")] == [405] * 3


def test_the_list_costs_the_same_whatever_its_length(town, programme, django_assert_num_queries):
    client = asking(town.lin)
    client.get(ADDRESS)
    Rubric.objects.filter(track="agricultural").update(programme=programme)
    for address in (f"{ADDRESS}?track=urban", ADDRESS):
        with django_assert_num_queries(2):
            client.get(address)
