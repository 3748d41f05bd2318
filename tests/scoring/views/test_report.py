"""Autosave and taking back, tried with everything people and machines send."""

import json
import re

import pytest
from django.test import Client

from core.errors import Conflict
from scoring.choices import Axis, ItemState
from scoring.models import AssessmentItem, Report
from scoring.services.report import save_draft, withdraw_item
from tests.people import Town
from tests.scoring.month import (
    Month,
    close_month,
    level,
    month,
    on,
    open_month,
    points,
    publish_month,
    report_all,
    review,
    review_all,
    sample_editions,
    settle_month,
)

__all__ = ["month"]


@pytest.fixture
def lin(client: Client, town: Town) -> Client:
    client.force_login(town.lin.user)
    return client


def draft_url(item: AssessmentItem) -> str:
    return f"/items/{item.pk}/draft/"


def send_json(client: Client, item: AssessmentItem, content: object):
    return client.post(draft_url(item), json.dumps(content), content_type="application/json")


def send_fields(client: Client, item: AssessmentItem, **fields: object):
    return client.post(draft_url(item), {f"item-{item.pk}-{name}": text for name, text in fields.items()})


def state(item: AssessmentItem) -> tuple:
    item.refresh_from_db()
    return item.draft, item.version, item.state, item.round


# -- the straight way


def test_a_row_is_saved_as_json(lin: Client, month: Month) -> None:
    with on("2026-09", 28, 19, 3):
        lin.force_login(month.town.lin.user)
        answer = send_json(lin, month.item(2), {**level(1), "version": 0})
    said = {"points": "6.00", "derivation": "部分达到，得 6 分"}
    assert answer.json() == {"version": 1, "saved_at": "19:03", **said, "errors": {}}
    assert month.item(2).draft == level(1)
    assert month.item(2).draft_by == month.town.lin.person


def test_a_row_is_saved_as_the_fields_of_the_form(lin: Client, month: Month) -> None:
    answer = send_fields(lin, month.item(1), points=" ２．５ ", note="按周\r\n调度", version=0)
    assert (answer.status_code, month.item(1).draft) == (200, points("2.50", "按周\n调度"))


def test_a_draft_leaves_no_audit_and_no_report(lin: Client, month: Month, django_assert_num_queries) -> None:
    from core.models import AuditEntry

    before = AuditEntry.objects.count()
    send_json(lin, month.item(2), {**level(1), "version": 0})
    assert (AuditEntry.objects.count(), Report.objects.count()) == (before, 0)


# -- every kind of criterion


NUMBERS = [
    "-0.01", "10.01", "1e309", "NaN", "Infinity", "1_0", "0x10", "一", "4,5", "4.5分", "85%", "0." + "1" * 20,
    "9" * 400, "0.3", " ", "+1", "１０．０１", "−1", "²", "٣", "1.2.3",
]  # fmt: skip
# What is too much for points or no step of them may well be a quantity.
GOOD_QUANTITIES = {("count", "10.01"), ("count", "0.3"), ("part", "0.3"), ("part", "10.01"), ("whole", "10.01")}
GOOD_QUANTITIES |= {("count", "１０．０１"), ("part", "１０．０１"), ("whole", "１０．０１")}


@pytest.fixture
def kinds(town: Town) -> Month:
    """September with the sample rubrics, which use every kind."""
    return Month(town, open_month(town, editions=sample_editions()))


BY_KIND = [
    ("graded", 2, {"level": "1"}, {"level": 1}, "健全但开会不足，得 2 分"),
    ("judged", 1, {"points": "２．５", "note": "按月调度。"}, {"points": "2.50"}, "评定 2.5 分（满分 3 分）"),
    ("count", 3, {"count": " ２ "}, {"count": "2"}, "共 2 次，满 2 次得 2 分"),
    ("ratio", 6, {"part": "9", "whole": "12"}, {"part": "9", "whole": "12"}, "9/12（75%），达到 75%得 3 分"),
    ("deduction", 16, {"times": "3"}, {"times": 3}, "3 处，扣 1.5 分，得 2.5 分"),
    ("checklist", 4, {"done": ["2", "0"]}, {"done": [0, 2]}, "4 项中做到 2 项，得 2.5 分；未做到：组织"),
    ("checklist", 7, {"done": "none"}, {"done": []}, "4 项中做到 0 项，得 0 分；未做到："),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "number", "fields", "value", "said"), BY_KIND)
def test_a_value_of_each_kind_is_saved_with_the_points_it_earns(
    lin: Client, kinds: Month, kind: str, number: int, fields: dict, value: dict, said: str
) -> None:
    item = kinds.item(number)
    assert item.task.criterion["kind"] == kind
    answer = send_fields(lin, item, **fields, version=0)
    assert (answer.status_code, answer.json()["derivation"].startswith(said)) == (200, True)
    assert kinds.item(number).draft["value"] == value  # type: ignore[index]
    page = lin.get(f"/assessments/{item.assessment_id}/").text
    assert (answer.json()["derivation"] in page) == (kind not in ("graded", "judged"))


@pytest.mark.parametrize("text", [text for text in NUMBERS if text.strip()])
@pytest.mark.parametrize(("number", "name"), [(3, "count"), (6, "part"), (6, "whole"), (16, "times"), (4, "done")])
def test_a_hostile_number_is_refused_in_every_field(
    lin: Client, kinds: Month, number: int, name: str, text: str
) -> None:
    item = kinds.item(number)
    good = {"part": "9", "whole": "12"} if number == 6 else {}
    answer = send_fields(lin, item, **(good | {name: text}), version=0)
    if (name, text) in GOOD_QUANTITIES:
        return
    assert (answer.status_code, state(item)) == (422, (None, 0, ItemState.OPEN, 1))
    assert answer.json()["message"].startswith(f"第{number}项")


def test_none_of_the_above_beside_what_is_done_is_refused(lin: Client, kinds: Month) -> None:
    answer = send_fields(lin, kinds.item(4), done=["0", "none"], version=0)
    assert (answer.status_code, kinds.item(4).draft) == (422, None)


# -- who


@pytest.mark.parametrize(
    ("key", "status"),
    [("lin", 200), ("lin2", 200), ("zhou2", 200), ("wang2", 200), ("zheng1", 403), ("zheng2", 404), ("chen", 404),
     ("wu", 404), ("fan", 404), ("reader", 404), ("sysadmin", 404), ("secadmin", 404), ("auditor", 404)],
)  # fmt: skip
def test_who_saves_a_row_of_fuhou(client: Client, month: Month, key: str, status: int) -> None:
    item = month.item(2)
    client.force_login(month.town.everybody[key].user)
    assert send_json(client, item, {**level(0), "version": 0}).status_code == status
    assert state(item)[1] == (1 if status == 200 else 0)


def test_without_log_in_the_log_in_page(client: Client, month: Month) -> None:
    answer = send_json(client, month.item(2), {**level(0), "version": 0})
    assert (answer.status_code, month.item(2).draft) == (302, None)


# -- hostile numbers


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_that_is_none_is_refused_with_its_row(lin: Client, month: Month, text: str) -> None:
    item = month.item(1)
    for answer in (
        send_fields(lin, item, points=text, note="说明", version=0),
        send_json(lin, item, {**points(text, "说明"), "version": 0}),
    ):
        assert answer.status_code == 422
        assert answer.json()["message"].startswith("第1项“争当好支书”：")
        assert state(item) == (None, 0, ItemState.OPEN, 1)


@pytest.mark.parametrize(
    "value",
    [None, [], {}, True, 4.5, 4, {"points": None}, {"points": []}, {"points": True}, {"points": 4.5}, {"level": 0},
     {"points": "1", "level": 0}, {"points": {"a": 1}}, "5", float("nan")],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(lin: Client, month: Month, value: object) -> None:
    item = month.item(1)
    answer = send_json(lin, item, {"kind": "points", "value": value, "note": "说明", "version": 0})
    assert (answer.status_code, answer.json()["message"][:11]) == (422, "第1项“争当好支书”：")
    assert state(item) == (None, 0, ItemState.OPEN, 1)


@pytest.mark.parametrize("value", [-1, 3, "0", True, None, 1.0, 10**30, [], "x"])
def test_a_level_that_is_none_is_refused(lin: Client, month: Month, value: object) -> None:
    item = month.item(2)
    answer = send_json(lin, item, {"kind": "points", "value": {"level": value}, "note": "", "version": 0})
    assert (answer.status_code, state(item)) == (422, (None, 0, ItemState.OPEN, 1))


@pytest.mark.parametrize("kind", [None, "", "empty", [], {}, 1, "not_applicable"])
def test_a_kind_that_does_not_fit_is_refused(lin: Client, month: Month, kind: object) -> None:
    item = month.item(1)
    answer = send_json(lin, item, {"kind": kind, "value": {"points": "1"}, "note": "说明", "version": 0})
    assert (answer.status_code, state(item)) == (422, (None, 0, ItemState.OPEN, 1))


def test_points_and_not_applicable_at_once_are_refused(lin: Client, month: Month) -> None:
    answer = send_fields(lin, month.item(3), level=0, kind="not_applicable", note="没有", version=0)
    assert (answer.status_code, month.item(3).draft) == (422, None)


# -- hostile texts


@pytest.mark.parametrize(
    "note",
    ["\x00", "a\ud800", "字" * 501, "x" * 10_000, "x" * 1_000_000, "请打13903741234", "3号楼2单元501室", None, [], 5],
)  # fmt: skip
def test_a_note_that_cannot_be_kept_is_refused(lin: Client, month: Month, note: object) -> None:
    item = month.item(1)
    answer = send_json(lin, item, {**points("1"), "note": note, "version": 0})
    assert (answer.status_code, answer.json()["message"][:13]) == (422, "第1项“争当好支书”：说明")
    assert state(item) == (None, 0, ItemState.OPEN, 1)


@pytest.mark.parametrize(
    ("note", "kept"),
    [("{{7*7}}", "{{7*7}}"), ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("a\u202eb", "ab"),
     ("a\u200bb", "ab"), ("\u3000", ""), ("一\r\n二", "一\n二"), ("䶮〇", "䶮〇"), ("=1+1", "=1+1")],
)  # fmt: skip
def test_odd_text_is_kept_as_text(lin: Client, month: Month, note: str, kept: str) -> None:
    item = month.item(1)
    assert send_json(lin, item, {**points("1"), "note": note, "version": 0}).status_code == 200
    assert month.item(1).draft["note"] == kept  # type: ignore[index]
    assert "<script>alert" not in lin.get(f"/assessments/{item.assessment_id}/").text


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'"x"', b"1"])
def test_a_body_that_cannot_be_read_is_refused(lin: Client, month: Month, body: bytes) -> None:
    item = month.item(1)
    answer = lin.post(draft_url(item), body, content_type="application/json")
    assert (answer.status_code, "无法识别" in answer.json()["message"], state(item)[1]) == (422, True, 0)


@pytest.mark.parametrize("version", [None, "", "x", -1, 1.5, 10**30, [], True])
def test_a_version_that_is_none_is_refused(lin: Client, month: Month, version: object) -> None:
    item = month.item(2)
    answer = send_json(lin, item, {**level(0), "version": version})
    assert (answer.status_code, state(item)[1]) == (409, 0)


@pytest.mark.parametrize(
    "name", ["item-x-level", "item--1-level", "item-99999999999999999999-level", "item-1-evil", "item-１-level"]
)
def test_field_names_of_nobody_are_not_read(lin: Client, month: Month, name: str) -> None:
    assessment = month.assessment()
    answer = lin.post(f"/assessments/{assessment.pk}/", {"act": "save", name: "0"})
    assert (answer.status_code, AssessmentItem.objects.exclude(version=0).count()) == (302, 0)


# -- flows


def test_the_second_of_two_tabs_is_told(lin: Client, month: Month) -> None:
    item = month.item(2)
    assert send_json(lin, item, {**level(0), "version": 0}).status_code == 200
    late = send_json(lin, item, {**level(2), "version": 0})
    assert late.status_code == 409
    told = r"该事项刚被他人或另一窗口修改：\d+月\d+日 \d\d:\d\d 林晓已修改。请刷新后核对再操作。"
    assert re.fullmatch(told, late.json()["message"])
    assert state(item)[:2] == (level(0), 1)


def test_a_stale_page_without_scripts_is_told_and_keeps_what_was_typed(lin: Client, month: Month) -> None:
    item = month.item(2)
    send_json(lin, item, {**level(0), "version": 0})
    sent = {"act": "submit", f"item-{item.pk}-level": "2", f"item-{item.pk}-version": "0"}
    answer = lin.post(f"/assessments/{item.assessment_id}/", sent)
    assert (answer.status_code, state(item)[:2], Report.objects.count()) == (409, (level(0), 1), 0)
    assert "第2项“党群服务阵地“六有””：该事项刚被他人或另一窗口修改" in answer.text


def test_a_double_click_sends_once(lin: Client, month: Month) -> None:
    item = month.item(2)
    sent = {"act": "submit", f"item-{item.pk}-level": "0", f"item-{item.pk}-version": "0"}
    url = f"/assessments/{item.assessment_id}/"
    assert [lin.post(url, sent).status_code, lin.post(url, sent).status_code] == [302, 409]
    assert Report.objects.count() == 1


def test_sending_nothing_is_told(lin: Client, month: Month) -> None:
    answer = lin.post(f"/assessments/{month.assessment().pk}/", {"act": "submit"})
    assert answer.status_code == 409
    assert "没有可以报送的事项" in answer.text


def test_a_draft_without_its_reason_is_not_sent(lin: Client, month: Month) -> None:
    item = month.item(1)
    sent = {"act": "submit", f"item-{item.pk}-points": "8", f"item-{item.pk}-version": "0"}
    answer = lin.post(f"/assessments/{item.assessment_id}/", sent)
    assert (answer.status_code, Report.objects.count()) == (422, 0)
    assert "第1项：评议类任务请写一句理由。" in answer.text


def test_an_item_of_another_community_is_not_there(lin: Client, month: Month) -> None:
    foreign = month.item(2, month.town.jindi)
    assert send_json(lin, foreign, {**level(0), "version": 0}).status_code == 404
    sent = {"act": "save", f"item-{foreign.pk}-level": "0", f"item-{foreign.pk}-version": "0"}
    assert lin.post(f"/assessments/{month.assessment().pk}/", sent).status_code == 409
    confirmed = {"act": "submit_all", "unchanged": str(foreign.pk)}
    assert lin.post(f"/assessments/{month.assessment().pk}/", confirmed).status_code == 409
    assert state(foreign) == (None, 0, ItemState.OPEN, 1)


@pytest.mark.parametrize("text", ["x", "-1", "", "1e3", "99999999999999999999"])
def test_a_box_of_nobody_is_refused(lin: Client, month: Month, text: str) -> None:
    sent = {"act": "submit_all", "unchanged": text}
    assert lin.post(f"/assessments/{month.assessment().pk}/", sent).status_code == 422


def test_a_sent_item_takes_no_draft(lin: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou])
    item = month.item(2)
    before = state(item)
    answer = send_json(lin, item, {**level(2), "version": item.version})
    assert (answer.status_code, state(item)) == (403, before)
    assert answer.json()["message"] == "该事项已报送；尚未审核的可以撤回，已审核的由街道或专班退回。"


@pytest.mark.parametrize("is_published", [False, True])
def test_a_closed_month_takes_nothing(lin: Client, month: Month, is_published: bool) -> None:
    report_all(month.town, month.period)
    review_all(month.town, month.period)
    if is_published:
        settle_month(month.town, month.period)
    close_month(month.town, month.period)
    if is_published:
        publish_month(month.town, month.period)
    item = month.item(2)
    before = state(item)
    assert send_json(lin, item, {**level(2), "version": item.version}).status_code == 403
    assert lin.post(f"/items/{item.pk}/withdraw/", {"version": item.version}).status_code == 403
    assert lin.post(f"/assessments/{item.assessment_id}/", {"act": "submit"}).status_code == 409
    assert state(item) == before


def test_a_closed_month_is_read_only_with_the_reason(lin: Client, month: Month) -> None:
    close_month(month.town, month.period)
    page = lin.get(f"/assessments/{month.assessment().pk}/").text
    assert "本月已关闭，不能再填报" in page
    assert 'name="act"' not in page


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_posts_save(lin: Client, month: Month, method: str) -> None:
    assert getattr(lin, method)(draft_url(month.item(2))).status_code == 405


def test_a_form_of_another_site_is_refused(month: Month) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(month.town.lin.user)
    assert send_json(strict, month.item(2), {**level(0), "version": 0}).status_code == 403
    assert month.item(2).draft is None


# -- taking back


def test_taking_back_opens_the_next_round_with_what_was_reported(lin: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[2])
    answer = lin.post(f"/items/{month.item(2).pk}/withdraw/", {"version": month.item(2).version})
    assert answer.status_code == 302
    assert state(month.item(2))[2:] == (ItemState.OPEN, 2)
    assert month.item(2).draft == level(0)


def test_after_a_review_nothing_is_taken_back(lin: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[2])
    review(month.town, month.item(2), Axis.STREET)
    page = lin.get(f"/assessments/{month.assessment().pk}/").text
    assert "withdraw" not in page
    answer = lin.post(f"/items/{month.item(2).pk}/withdraw/", {"version": month.item(2).version})
    assert (answer.status_code, "已有审核意见" in answer.text, month.item(2).round) == (403, True, 1)


def test_taking_back_on_an_old_picture_is_refused(month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[2])
    with pytest.raises(Conflict):
        withdraw_item(actor=month.town.lin, item=month.item(2), expected_version=0)


# -- emptied fields, two writers


def test_an_emptied_row_takes_its_draft_away(lin: Client, month: Month) -> None:
    item = month.item(4)
    send_fields(lin, item, points="6", version=0)
    answer = send_fields(lin, item, points="", note="", version=1)
    assert (answer.status_code, answer.json()["saved_at"], answer.json()["points"]) == (200, "", None)
    assert state(item)[:2] == (None, 2)
    sent = {"act": "submit", f"item-{item.pk}-points": "", f"item-{item.pk}-version": "2"}
    assert lin.post(f"/assessments/{item.assessment_id}/", sent).status_code == 409
    assert Report.objects.count() == 0


def test_an_emptied_state_is_not_confirmed_as_unchanged(lin: Client, month: Month) -> None:
    report_all(month.town, month.period)
    review_all(month.town, month.period)
    settle_month(month.town, month.period)
    october = month.next()
    item = october.item(7)
    assert item.look_reason == ""
    sent = {"act": "submit_all", "unchanged": [item.pk], f"item-{item.pk}-version": "0", f"item-{item.pk}-note": ""}
    answer = lin.post(f"/assessments/{item.assessment_id}/", sent)
    assert (answer.status_code, "这一项不能空着" in answer.text) == (422, True)
    assert not Report.objects.filter(item=item).exists()


def test_an_empty_row_of_an_old_page_leaves_what_another_wrote(lin: Client, month: Month) -> None:
    item = month.item(4)
    save_draft(actor=month.town.lin2, item=item, entry=points("6"))
    sent = {"act": "save", f"item-{item.pk}-points": "", f"item-{item.pk}-version": "0"}
    assert lin.post(f"/assessments/{item.assessment_id}/", sent).status_code == 302
    assert month.item(4).draft == points("6.00")


def test_the_second_writer_is_given_what_the_first_one_left(lin: Client, month: Month) -> None:
    item = month.item(4)
    with on("2026-09", 28, 19, 2):
        save_draft(actor=month.town.lin2, item=item, entry=points("6", "开会六次。"))
        lin.force_login(month.town.lin.user)
        answer = send_fields(lin, item, points="5", version=0)
    assert answer.status_code == 409
    theirs = answer.json()["theirs"]
    assert theirs["who"] == f"{month.town.lin2.person.name} 19:02"
    assert theirs["said"] == "评定 6 分（满分 8 分）；说明：开会六次。"
    assert (theirs["version"], theirs["points"]) == (1, "6.00")
    assert theirs["fields"] == {"kind": "points", "points": "6", "note": "开会六次。"}
    assert month.item(4).draft == points("6.00", "开会六次。")


def test_who_writes_just_now_is_told_to_the_others_and_not_to_herself(lin: Client, month: Month) -> None:
    item = month.item(4)
    url = f"/assessments/{item.assessment_id}/writers/"
    with on("2026-09", 28, 19, 2):
        save_draft(actor=month.town.lin2, item=item, entry=points("6"))
    with on("2026-09", 28, 19, 4):
        lin.force_login(month.town.lin.user)
        draft = lin.get(url).json()["drafts"][str(item.pk)]
        assert (draft["who"], draft["doing"]) == (f"{month.town.lin2.person.name} 19:02", "正在填此项")
    with on("2026-09", 28, 19, 40):
        assert lin.get(url).json()["drafts"][str(item.pk)]["doing"] == "填过此项"
        lin.force_login(month.town.lin2.user)
        assert lin.get(url).json() == {"drafts": {}, "sent": []}


def test_the_last_screen_says_what_was_sent_and_what_comes_next(lin: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], day=28)
    with on("2026-09", 28, 19, 3):
        lin.force_login(month.town.lin.user)
        page = lin.get(f"/assessments/{month.assessment().pk}/").text
    assert "已报 09:00，本月没有您要办的事了" in page
    assert "报送 8 项，自评合计 100 分：逐项填报 8 项，与上月一致 0 项。" in page
    assert "接下来：街道审核（截止 " in page
