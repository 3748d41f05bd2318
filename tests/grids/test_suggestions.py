"""Base documents are offered where a 文号 is typed, in apps that do not know them, and lead to their row."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from branches.acting import Officer
from core import suggestions
from core.models import User
from grids.models import Document
from tests.grids.ground import ground_of
from tests.people import Town
from tests.queries import queries_of
from tests.scoring.month import Month, month, report_all

__all__ = ["month"]
pytestmark = pytest.mark.django_db
NUMBER = "魏组〔2026〕1号"


def document(town: Town, number: str = NUMBER, **values: object) -> Document:
    kept = {"title": "关于<评星>的通知", "issued_on": date(2026, 1, 5), "recorded_by": town.wang.appointment}
    return Document.objects.create(document_no=number, **kept | values)


def page(officer: Officer, path: str) -> str:
    client = Client()
    client.force_login(officer.user)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_account_is_offered_what_it_sees_the_latest_first(town: Town) -> None:
    document(town)
    document(town, "魏组〔2026〕2号", issued_on=date(2026, 2, 1))
    document(town, "魏组〔2026〕3号", voided_at="2026-03-01T00:00:00Z")
    found = suggestions.offered("documents", town.lin.user)
    assert [one.text for one in found] == ["魏组〔2026〕2号", NUMBER]
    assert suggestions.offered("documents", User.objects.create(username="nobody")) == []
    assert suggestions.offered("nothing", town.lin.user) == []


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("wang", "/organisations/411002001006/rename/"),
        ("zhou", "/ground/merge/411002001006/"),
        ("wang", "/periods/2026-09/rulings/"),
    ],
)
def test_fields_for_a_number_offer_the_register_and_take_any_text(month: Month, who: str, path: str) -> None:
    ground_of(month.town)
    document(month.town)
    text = page(month.town.everybody[who], path)
    option = f'<datalist id="documents"><option value="{NUMBER}">关于&lt;评星&gt;的通知</option></datalist>'
    assert (text.count(option), text.count("<datalist")) == (1, 1)


def test_an_empty_register_leaves_the_field_as_it_was(town: Town) -> None:
    text = page(town.wang, "/organisations/411002001006/rename/")
    assert ("<datalist" in text, 'list="documents"' in text) == (False, True)


def test_a_number_that_is_registered_leads_to_its_row(town: Town) -> None:
    row = document(town)
    client = Client()
    client.force_login(town.wang.user)
    form = {"name": "府后新社区", "starts_on": "2026-01-01", "document_no": NUMBER, "reason": "更名"}
    client.post("/organisations/411002001006/rename/", form)
    path = "/organisations/411002001006/"
    link = f'<a href="/ground/registers/documents/{row.pk}/" title="关于&lt;评星&gt;的通知">{NUMBER}</a>'
    assert page(town.lin, path).count(link) == 1
    row.voided_at = "2026-03-01T00:00:00Z"
    row.save()
    text = page(town.lin, path)
    assert (text.count(link), text.count(NUMBER)) == (0, 1)


def test_ten_documents_cost_as_many_queries_as_one(month: Month) -> None:
    report_all(month.town, month.period)
    document(month.town)
    once = queries_of(month.town.wang, "/periods/2026-09/rulings/")
    for number in range(2, 12):
        document(month.town, f"魏组〔2026〕{number}号")
    assert queries_of(month.town.wang, "/periods/2026-09/rulings/") == once
