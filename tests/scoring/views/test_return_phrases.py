from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from branches.acting import Officer
from core.models import AuditEntry
from scoring.choices import Axis
from scoring.models import Period, ReturnPhrase, Review, StarKind
from scoring.services.return_phrases import add_phrase, retire_phrase
from tests.people import Town
from tests.scoring.month import item_of, on, open_month, report_all

pytestmark = pytest.mark.django_db
PAGE = "/return-phrases/"


@pytest.fixture
def reported(town: Town) -> Period:
    period = open_month(town)
    report_all(town, period)
    return period


def client_of(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def send_back(town: Town, period: Period, **data: str) -> Any:
    item = item_of(period, town.fuhou, 2)
    given = {"axis": Axis.STREET.value, "version": str(item.version), "outcome": "return", **data}
    with on("2026-09", 33):
        return client_of(town.zhou).post(f"/items/{item.pk}/review/", given)


def test_the_office_adds_changes_and_retires_phrases(town: Town, reported: Period) -> None:
    office = client_of(town.wang)
    safety = StarKind.objects.get(code="safety_law")
    assert office.post(PAGE, {"text": "请写明次数。", "star_kind": safety.pk, "order": "3"}).status_code == 302
    phrase = ReturnPhrase.objects.get()
    office.post(f"{PAGE}{phrase.pk}/", {"text": "请写明巡查次数。", "star_kind": "", "order": "2"})
    office.post(f"{PAGE}{phrase.pk}/", {"act": "retire"})
    phrase.refresh_from_db()
    assert (phrase.text, phrase.star_kind, phrase.order, phrase.is_active) == ("请写明巡查次数。", None, 2, False)
    verbs = AuditEntry.objects.filter(verb__startswith="scoring.return_phrase").order_by("seq")
    assert [entry.verb.rpartition(".")[2] for entry in verbs] == ["add", "change", "retire"]
    assert "请写明巡查次数。" in office.get(PAGE).text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": "", "order": "1"}, "必填"),
        ({"text": "\u3000", "order": "1"}, "必填"),
        ({"text": "\u200b", "order": "1"}, "请写明用语。"),
        ({"text": "长" * 101, "order": "1"}, "100"),
        ({"text": "请电 13800138000", "order": "1"}, "疑似有手机号"),
        ({"text": "请补充。", "order": "-1"}, "次序须为 0 到 999 的整数。"),
        ({"text": "请补充。", "order": "１"}, "次序须为 0 到 999 的整数。"),
        ({"text": "请补充。", "order": "1", "star_kind": "99999999999999999999"}, "选择"),
        ({"text": "已有的。", "order": "1"}, "已有同样的用语。"),
    ],
)
def test_unusable_phrases_are_refused_in_words(
    town: Town, reported: Period, data: dict[str, str], message: str
) -> None:
    add_phrase(actor=town.wang, programme=reported.programme, text="已有的。")
    answer = client_of(town.wang).post(PAGE, data)
    assert (answer.status_code, message in answer.text) == (422, True)
    assert ReturnPhrase.objects.count() == 1


def test_a_return_takes_the_chosen_phrase_and_what_was_added(town: Town, reported: Period) -> None:
    phrase = add_phrase(actor=town.wang, programme=reported.programme, text="记录缺签字。")
    assert send_back(town, reported, phrase=str(phrase.pk), reason="第二季度的。").status_code == 302
    assert Review.objects.get().reason == "记录缺签字。第二季度的。"


def test_only_phrases_in_use_for_the_star_are_offered(town: Town, reported: Period) -> None:
    own = StarKind.objects.get(code="branch_strength")
    other = StarKind.objects.get(code="safety_law")
    programme = reported.programme
    texts = (("通用的。", None), ("本星的。", own), ("别的星的。", other), ("停用的。", None))
    made = [add_phrase(actor=town.wang, programme=programme, text=text, star_kind=kind) for text, kind in texts]
    retire_phrase(actor=town.wang, phrase=made[3])
    page = client_of(town.zhou).get(f"/items/{item_of(reported, town.fuhou, 2).pk}/review/?axis=street&form=return")
    assert [phrase.text for phrase in page.context["phrases"]] == ["本星的。", "通用的。"]
    refused = send_back(town, reported, phrase=str(made[2].pk), reason="")
    assert (refused.status_code, "请写明理由。" in refused.text) == (422, True)
    assert not Review.objects.exists()
