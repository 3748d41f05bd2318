"""更正 by two persons: proposed by one, its consequences shown to both, confirmed or declined by the other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.acting import Officer
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from scoring.models import CorrectionProposal, Period, Publication, Ruling
from scoring.selectors.corrections import consequences, items_of
from scoring.services import correcting
from scoring.services.correction import Correction, correct_publication
from tests.people import Town
from tests.scoring.month import item_of, play_month

pytestmark = pytest.mark.django_db
PAGE = "/periods/2026-09/corrections/"


@pytest.fixture
def period(town: Town) -> Period:
    return play_month(town).period


def put(town: Town, period: Period, *, number: int = 5, points: str = "14", actor: Officer | None = None) -> Any:
    return correcting.put_item(
        actor=actor or town.wang, period=period, item=item_of(period, town.fuhou, number), kind="points", points=points,
        reason="重复计分。", document_no="更正1号",
    )  # fmt: skip


def proposed(town: Town, period: Period) -> CorrectionProposal:
    return correcting.propose_correction(actor=town.wang, proposal=put(town, period), reason="录入有误。")


def confirm(town: Town, proposal: CorrectionProposal) -> Publication:
    return correcting.confirm_correction(actor=town.wang2, proposal=proposal, expected_version=proposal.version)


# -- the way through two persons


def test_rule_8_one_proposes_another_confirms_and_both_names_are_published(town: Town, period: Period) -> None:
    publication = confirm(town, proposed(town, period))
    assert (publication.number, publication.data["published"]["by"], publication.data["published"]["second_by"]) == (
        *(2, "王立", "王安"),
    )
    ruling = Ruling.objects.get(publication_number=2)
    assert (str(ruling.points), ruling.by.name, ruling.document_no) == ("14.00", "王立", "更正1号")
    proposal = CorrectionProposal.objects.get()
    assert (proposal.state, proposal.result, proposal.decided_by) == ("confirmed", publication, town.wang2.person)
    assert AuditEntry.objects.filter(verb="scoring.correction.confirm", actor_id=town.wang2.user.pk).count() == 1
    assert Publication.objects.get(number=1).data["published"]["second_by"] is None


def test_rule_8_nobody_confirms_her_own_proposal(town: Town, period: Period) -> None:
    proposal = proposed(town, period)
    for decide in (
        lambda: correcting.confirm_correction(actor=town.wang, proposal=proposal, expected_version=proposal.version),
        lambda: correcting.decline_correction(actor=town.wang, proposal=proposal, reason="不行。"),
    ):
        with pytest.raises(Forbidden, match="更正须由两人办理"):
            decide()
    with pytest.raises(Forbidden, match="只有区创建办"):
        correcting.confirm_correction(actor=town.zhou, proposal=proposal, expected_version=proposal.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionProposal.objects.filter(pk=proposal.pk).update(state="declined", decided_by=town.wang.person)
    assert Publication.objects.count() == 1


def test_declining_takes_a_reason_and_another_may_be_drafted(town: Town, period: Period) -> None:
    proposal = proposed(town, period)
    with pytest.raises(Invalid, match="请写明理由"):
        correcting.decline_correction(actor=town.wang2, proposal=proposal, reason=" ")
    correcting.decline_correction(actor=town.wang2, proposal=proposal, reason="佐证不足。")
    with pytest.raises(Conflict, match="当前为“未同意”"):
        confirm(town, proposal)
    assert put(town, period, actor=town.wang2).pk != proposal.pk


def test_one_correction_at_a_time_and_only_its_drafter_changes_it(town: Town, period: Period) -> None:
    put(town, period)
    with pytest.raises(Forbidden, match="由王立起草"):
        put(town, period, actor=town.wang2)
    put(town, period, points="12")
    (row,) = CorrectionProposal.objects.get().items
    assert (row["points"], row["document_no"]) == ("12.00", "更正1号")


def test_what_was_proposed_is_changed_only_after_it_is_taken_back(town: Town, period: Period) -> None:
    seen = proposed(town, period)
    with pytest.raises(Conflict, match="请起草人先取回修改"):
        put(town, period, points="12")
    correcting.refresh_correction(actor=town.wang, proposal=seen)
    put(town, period, points="12")
    correcting.propose_correction(actor=town.wang, proposal=seen, reason="录入有误。")
    with pytest.raises(Conflict, match="刚被起草人修改"):
        confirm(town, seen)


def test_another_publication_meanwhile_makes_it_stale(town: Town, period: Period) -> None:
    proposal = proposed(town, period)
    change = Correction(item_of(period, town.jindi, 2), "points", "6.00", "缺档案。")
    correct_publication(actor=town.wang, second=town.wang2, period=period, corrections=[change], reason="另一件。")
    with pytest.raises(Conflict, match="已有第 2 次公布"):
        confirm(town, proposal)
    fresh = correcting.refresh_correction(actor=town.wang, proposal=proposal)
    assert (fresh.state, fresh.base.number) == ("draft", 2)
    again = correcting.propose_correction(actor=town.wang, proposal=fresh, reason="录入有误。")
    assert confirm(town, again).number == 3


def test_a_decided_correction_stays_as_it_is(town: Town, period: Period) -> None:
    confirm(town, proposed(town, period))
    for change in (
        lambda: CorrectionProposal.objects.update(reason="另一个理由。"),
        lambda: CorrectionProposal.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_nothing_is_corrected_before_publication(town: Town, month: Any) -> None:
    item = month.item(2)
    with pytest.raises(Conflict, match="本月尚未公布"):
        correcting.put_item(
            actor=town.wang, period=month.period, item=item, kind="points", points="6", reason="缺档案。"
        )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"points": "20.01"}, "分值不能超过满分"),
        ({"points": "1e3"}, "不是分值"),
        ({"points": ""}, "请填写分值"),
        ({"kind": "not_applicable"}, "本任务不能认定为不涉及"),
        ({"reason": ""}, "请写明理由"),
        ({"reason": "电话 13903741234"}, "手机号"),
    ],
)
def test_bad_input_changes_nothing(town: Town, period: Period, typed: dict[str, str], message: str) -> None:
    given = {"kind": "points", "points": "14", "reason": "重复计分。", **typed}
    with pytest.raises(Invalid, match=message):
        correcting.put_item(actor=town.wang, period=period, item=item_of(period, town.fuhou, 5), **given)
    assert not CorrectionProposal.objects.exists()


# -- the consequences


def test_the_consequences_shown_are_those_published(town: Town, period: Period) -> None:
    put(town, period)
    put(town, period, number=2, points="0")
    correcting.put_item(
        actor=town.wang, period=period, item=item_of(period, town.jindi, 3), kind="not_applicable", points="",
        reason="没有物业。",
    )  # fmt: skip
    proposal = correcting.propose_correction(
        actor=town.wang, proposal=CorrectionProposal.objects.get(), reason="核查。"
    )
    shown = consequences(proposal, items_of(proposal))
    published = confirm(town, proposal).data
    assert shown.after["standings"] == published["standings"]
    assert shown.after["star_levels"] == published["star_levels"]
    left_out = {"items": [], "sign_off": None, "next_stars": []}
    for row, kept in zip(shown.after["assessments"], published["assessments"], strict=True):
        assert {**row, **left_out} == {**kept, **left_out}
    assert [(row.name, row.levels, row.stars, row.points, row.place) for row in shown.rows] == [
        (
            "府后社区",
            "五星→三星",
            ("支部过硬星 −1：第2项 −10", "平安法治星 −1：第5项 −6"),
            "总分 100→84：第2项 −10，第5项 −6",
            "第 1→第 3（降 2 位）",
        ),
    ]


# -- the page


def get(officer: Officer, path: str = PAGE) -> Any:
    client = Client()
    client.force_login(officer.user)
    return client.get(path)


def post(officer: Officer, **data: Any) -> Any:
    client = Client()
    client.force_login(officer.user)
    return client.post(PAGE, data)


def test_two_officers_correct_a_month_on_the_page(town: Town, period: Period) -> None:
    item = item_of(period, town.fuhou, 5)
    assert "列入更正" in get(town.wang, f"{PAGE}?community=府后&number=5").text
    bad = post(town.wang, act="item", item=item.pk, points="99", reason="重复计分。")
    assert (bad.status_code, 'value="99"' in bad.text, "重复计分。" in bad.text) == (422, True, True)
    assert post(town.wang, act="item", item=item.pk, points="14", reason="重复计分。").status_code == 302
    first = get(town.wang).text
    assert ("平安法治星 −1：第5项 −6" in first, "提交第二人确认" in first) == (True, True)
    assert "提交第二人确认" not in get(town.wang2).text
    post(town.wang, act="propose", reason="录入有误。")
    assert "请区创建办另一位同志核对、确认" in get(town.wang).text
    second = get(town.wang2)
    assert ("平安法治星 −1：第5项 −6" in second.text, "确认更正并公布" in second.text) == (True, True)
    own = post(town.wang, act="confirm", version=second.context["proposal"].version)
    assert (own.status_code, Publication.objects.count()) == (403, 1)
    assert post(town.wang2, act="confirm", version=second.context["proposal"].version).status_code == 302
    assert post(town.wang2, act="confirm", version=second.context["proposal"].version).status_code == 409
    read = get(town.lin, "/rankings/2026-09/?number=1").text
    assert ("已被第 2 次公布更正取代" in read, Publication.objects.count()) == (True, 2)
    assert "平安法治星 −1：第5项 −6" in get(town.lin, "/rankings/2026-09/").text


@pytest.mark.parametrize(
    "data",
    [
        {"act": ""},
        {"act": "publish"},
        {"act": "propose", "reason": "好。"},
        {"act": "drop", "line": "item"},
        {"act": "veto", "assessment": "1", "clause": "9-9"},
        {"act": "confirm", "version": "x"},
        {"act": "confirm", "version": "1"},
        {"act": "decline", "reason": ""},
    ],
)
def test_a_hostile_act_changes_nothing(town: Town, period: Period, data: dict[str, str]) -> None:
    answer = post(town.wang2, **data)
    assert (answer.status_code in (409, 422), CorrectionProposal.objects.count(), Publication.objects.count()) == (
        *(True, 0, 1),
    )


def test_the_page_takes_few_queries(town: Town, period: Period) -> None:
    proposed(town, period)
    client = Client()
    client.force_login(town.wang2.user)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).context["consequences"]
    # Twelve as everywhere, and one for the base documents that are offered.
    assert len(captured) <= 13, "\n".join(one["sql"][-150:] + one["sql"][:90] for one in captured)
