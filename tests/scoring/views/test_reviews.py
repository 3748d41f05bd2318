from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.acting import Officer
from scoring.choices import Axis, ItemState
from scoring.models import AssessmentItem, Period, Review, Ruling
from scoring.selectors.proof import violations
from scoring.services.report import save_draft, submit_items, withdraw_item
from scoring.services.ruling import rule_item
from tests.people import Town
from tests.scoring.month import (
    item_of,
    level,
    not_applicable,
    on,
    open_month,
    play_month,
    points,
    report_all,
    review,
)

pytestmark = pytest.mark.django_db
STREET = "/periods/2026-09/review/street/"
STAR = "/periods/2026-09/review/stars/"


@pytest.fixture
def reported(town: Town) -> Period:
    """September with everything reported and nothing reviewed."""
    period = open_month(town)
    report_all(town, period)
    return period


def get(officer: Officer, path: str, **headers: str) -> Any:
    client = Client()
    client.force_login(officer.user)
    with on("2026-09", 33):
        return client.get(path, headers=headers)


def act(officer: Officer, item: AssessmentItem, data: Mapping[str, str], **headers: str) -> Any:
    client = Client()
    client.force_login(officer.user)
    item.refresh_from_db()
    with on("2026-09", 33):
        return client.post(
            reverse("scoring:review_item", args=[item.pk]),
            {"axis": "street", "version": item.version, "next": STREET, **data},
            headers=headers,
        )


def bulk(officer: Officer, items: list[AssessmentItem], **data: str) -> Any:
    client = Client()
    client.force_login(officer.user)
    chosen = [f"{item.pk}:{item.version}" for item in items]
    with on("2026-09", 33):
        return client.post("/review/bulk/", {"axis": "street", "item": chosen, "next": STREET, **data}, follow=True)


def undo(officer: Officer, item: AssessmentItem, axis: str = "street") -> Any:
    client = Client()
    client.force_login(officer.user)
    item.refresh_from_db()
    with on("2026-09", 33):
        return client.post(
            reverse("scoring:review_undo", args=[item.pk]), {"axis": axis, "version": item.version, "next": STREET}
        )


def undo_bulk(officer: Officer, batch: str) -> Any:
    client = Client()
    client.force_login(officer.user)
    with on("2026-09", 33):
        return client.post("/review/bulk/undo/", {"axis": "street", "batch": batch, "next": STREET}, follow=True)


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def street_items(period: Period, town: Town, *numbers: int) -> list[AssessmentItem]:
    rows = AssessmentItem.objects.filter(assessment__period=period, assessment__street=town.xida)
    return list(rows.filter(task__number__in=numbers or range(30)).order_by("pk"))


# -- who gets in


@pytest.mark.parametrize(
    ("key", "path", "status"),
    [
        ("zhou", STREET, 200),
        ("zhou2", STREET, 200),
        ("zhou", STREET + "?street=411002006", 404),
        ("wu", STREET + "?street=411002001", 404),
        ("wang", STREET + "?street=411002001", 200),
        ("wang", STREET, 404),
        ("wang", STREET + "?street=411002001006", 404),
        ("lin", STREET, 403),
        ("zheng1", STREET, 403),
        ("reader", STREET, 403),
        ("auditor", STREET, 404),
        ("zheng1", STAR + "branch_strength/", 200),
        ("zheng2", STAR + "joint_sharing/", 200),
        ("zheng2", STAR + "ecology_livability/", 200),
        ("zheng2", STAR + "branch_strength/", 404),
        ("zheng2", STAR + "no_such_star/", 404),
        ("wang", STAR + "branch_strength/", 200),
        ("zhou", STAR + "branch_strength/", 403),
        ("lin", STAR + "branch_strength/", 403),
        ("zhou", "/periods/2026-08/review/street/", 404),
        ("zhou", "/periods/2026-13/review/street/", 404),
    ],
)
def test_who_sees_which_review_list(town: Town, reported: Period, key: str, path: str, status: int) -> None:
    assert get(town.everybody[key], path).status_code == status


@pytest.mark.parametrize(
    ("key", "axis", "status"),
    [
        ("zhou", "street", 302),
        ("wu", "street", 404),
        ("lin", "street", 403),
        ("zheng1", "street", 403),
        ("zheng1", "task_force", 302),
        ("zheng2", "task_force", 404),
        ("wang", "street", 403),
        ("zhou", "task_force", 403),
        ("zhou", "office", 422),
        ("zhou", "", 422),
    ],
)
def test_who_reviews_on_which_axis(town: Town, reported: Period, key: str, axis: str, status: int) -> None:
    response = act(town.everybody[key], item_of(reported, town.fuhou, 1), {"axis": axis, "outcome": "agree"})
    assert response.status_code == status
    assert Review.objects.count() == (status == 302)


def test_the_street_sees_its_own_communities_and_no_other(town: Town, reported: Period) -> None:
    review_page = get(town.zhou, STREET).context["review"]
    assert [row.community for row in review_page.matrix.rows] == ["金地社区", "府后社区"]
    assert {row.community for row in review_page.queue.page} == {"金地社区", "府后社区"}


def test_a_task_force_sees_its_star_over_all_communities(town: Town, reported: Period) -> None:
    response = get(town.zheng[0], STAR + "branch_strength/")
    shown = [(row.task[0], row.community[:2]) for row in response.context["review"].queue.page]
    urban = [(number, name) for number in "12" for name in ("光明", "金地", "府后")]
    assert shown == [*urban, ("1", "樊沟"), ("2", "樊沟")]
    one = get(town.zheng[0], STAR + "branch_strength/?task=urban-1").context["review"]
    # The office entered on behalf of 光明, which is one more reason to look.
    assert [row.community for row in one.queue.page] == ["光明社区", "金地社区", "府后社区"]
    assert [tab.title for tab in response.context["review"].tabs.tasks] == [
        "城市 1 争当好支书",
        "城市 2 党群服务阵地“六有”",
        "涉农 1 争当好支书",
        "涉农 2 党群服务阵地“六有”",
    ]
    narrowed = get(town.zheng[0], STAR + "branch_strength/?street=411002006&task=urban-2")
    assert [row.community for row in narrowed.context["review"].queue.page] == ["光明社区"]


# -- the queue


def test_exceptions_come_first_with_their_reasons(town: Town) -> None:
    play_month(town, "2026-08")
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou], entries={3: not_applicable(), 7: level(1)})
    report_all(town, period, organisations=[town.jindi], day=40)
    review(town, item_of(period, town.fuhou, 1), Axis.TASK_FORCE, "set", "8.00", "材料不全。")
    queue = get(town.zhou, STREET).context["review"].queue
    [first] = queue.sections
    found = [(row.community, row.current.task.number, row) for group in first.groups for row in group.rows]
    flags = {(name, number): tuple(map(str, row.flags)) for name, number, row in found}
    assert first.title == "须重点看"
    assert {key: value for key, value in flags.items() if key[0] == "府后社区"} == {
        ("府后社区", 1): ("与专班不同",),
        ("府后社区", 3): ("与上月不同", "报不涉及"),
        ("府后社区", 7): ("比上月低 5 分",),
    }
    assert {value for key, value in flags.items() if key[0] == "金地社区"} == {("逾期",)}
    # By task first, the more pressing before the less within it.
    assert [(number, name[:2]) for name, number, _ in found[:4]] == [(1, "府后"), (1, "金地"), (2, "金地"), (3, "府后")]
    folded = {
        fold.why: [row.current.task.number for group in fold.groups for row in group.rows] for fold in queue.folds
    }
    assert folded == {"same": [4, 5, 6], "unchanged": [2, 8]}
    counts = {key: count for key, _, count in queue.whys}
    assert counts == {"changed": 2, "commented": 1, "late": 8, "same": 3, "unchanged": 2}
    assert sum(counts.values()) == 16


def test_filters_and_groups(town: Town) -> None:
    play_month(town, "2026-08")
    period = open_month(town)
    report_all(town, period, entries={1: {"kind": "points", "value": {"points": "8.00"}, "note": "有进步。"}})
    review(town, item_of(period, town.fuhou, 1), Axis.STREET)

    def shown(query: str) -> list[tuple[str, int]]:
        page = get(town.zhou, STREET + query).context["review"].queue.page
        return [(row.community_code[-3:], row.current.task.number) for row in page]

    # What settled just so last month lies in a fold and is in no list; 府后's first task is reviewed.
    assert shown("?show=changed") == [("001", 1)]
    assert shown("") == [("001", 1)]
    assert shown("?show=all") == [("001", 1), ("006", 1)]
    assert shown("?community=411002001006&star=branch_strength&show=all") == [("006", 1)]
    assert shown("?community=411002006006&show=all") == []
    report_all(town, open_month(town, "2026-10"))
    first = get(town.zhou, "/periods/2026-10/review/street/?by=community").context["review"].queue.sections[-1]
    assert [group.title for group in first.groups] == ["金地社区（1 项）", "府后社区（1 项）"]


def test_the_matrix_counts_every_item_once(town: Town, reported: Period) -> None:
    act(town.zhou, item_of(reported, town.fuhou, 1), {"outcome": "agree"})
    act(town.zhou, item_of(reported, town.fuhou, 2), {"outcome": "return", "reason": "请补制度。"})
    page = get(town.zhou, STREET).context["review"]
    fuhou = page.matrix.rows[1]
    assert [cell.counts if cell else None for cell in fuhou.cells][0] == [
        ("已审", 1, "badge-good"),
        ("退回", 1, "badge-bad"),
    ]
    assert page.counts == {"waiting": 14, "done": 1, "returned": 1, "missing": 0}


def test_the_board_shows_every_item_by_track(town: Town, reported: Period) -> None:
    review(town, item_of(reported, town.fuhou, 2), Axis.STREET, "set", "5.00", "缺版面。")
    review(town, item_of(reported, town.fuhou, 2), Axis.TASK_FORCE)
    review(town, item_of(reported, town.jindi, 2), Axis.TASK_FORCE, "set", "6.00", "缺版面。")
    review(town, item_of(reported, town.fuhou, 1), Axis.TASK_FORCE, "return", reason="请写明内容。")
    urban, agricultural = get(town.zheng[0], STAR + "branch_strength/?view=board").context["review"].boards
    words = {line.community[:2]: [mark.word for mark in line.marks] for line in urban.lines}
    assert words == {"金地": ["待审", "改分"], "府后": ["退回", "差距"], "光明": ["待审", "待审"]}
    assert [(line.community, line.open) for line in agricultural.lines] == [("樊沟社区", 2)]
    assert [(name, span) for name, span in urban.stars] == [("支部过硬星", 2)]
    street = get(town.zhou, STREET + "?view=board")
    assert [len(line.marks) for line in street.context["review"].boards[0].lines] == [8, 8]
    assert street.text.count('class="mark mark-') == 16 + 6


def test_after_an_act_the_row_brings_the_progress_of_the_street(town: Town, reported: Period) -> None:
    act(town.zhou, item_of(reported, town.fuhou, 2), {"outcome": "return", "reason": "请补制度。"})
    htmx = {"HX-Request": "true"}
    done = act(town.zhou, item_of(reported, town.fuhou, 1), {"outcome": "agree"}, **htmx)
    page = get(town.zhou, STREET).context["review"]
    assert (done.context["matrix"], done.context["counts"]) == (page.matrix, page.counts)
    assert 'id="street-progress" hx-swap-oob="true"' in done.text
    other = act(town.zheng[0], item_of(reported, town.fuhou, 1), {"outcome": "agree", "axis": "task_force"}, **htmx)
    assert (other.status_code, "street-progress" in other.text) == (200, False)
    assert 'id="star-tabs" class="stack" hx-swap-oob="true"' in other.text
    assert (other.context["star_tabs"].whole.waiting, other.context["star_tabs"].tasks[0].waiting) == (6, 2)


def test_the_office_stays_with_the_street_it_looks_at(town: Town, reported: Period) -> None:
    page = get(town.wang, f"{STREET}?street=411002001").text
    assert 'href="?street=411002001&amp;community=411002001006&amp;show=all"' in page


# -- one by one


def test_agreeing_setting_returning_and_confirming(town: Town) -> None:
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou], entries={3: not_applicable()})
    assert act(town.zhou, item_of(period, town.fuhou, 1), {"outcome": "agree"})["Location"].startswith(STREET)
    act(town.zhou, item_of(period, town.fuhou, 2), {"outcome": "set", "points": "６．５", "reason": "缺版面。"})
    act(town.zhou, item_of(period, town.fuhou, 3), {"outcome": "not_applicable"})
    act(town.zhou, item_of(period, town.fuhou, 4), {"outcome": "return", "reason": "请写清次数。"})
    assert list(Review.objects.order_by("pk").values_list("outcome", "points", "reason")) == [
        ("agree", 10, ""),
        ("set", pytest.approx(6.5), "缺版面。"),
        ("not_applicable", None, ""),
        ("return", None, "请写清次数。"),
    ]


def test_a_returned_item_comes_back_and_is_reviewed_again(town: Town, reported: Period) -> None:
    item = item_of(reported, town.fuhou, 2)
    act(town.zhou, item, {"outcome": "return", "reason": "请补制度。"})
    item.refresh_from_db()
    assert (item.state, item.round) == (ItemState.RETURNED, 2)
    refused = act(town.zhou, item, {"outcome": "agree"})
    assert (refused.status_code, "该事项本轮尚未报送，不能审核。" in refused.text) == (403, True)
    report_all(town, reported, organisations=[town.fuhou], day=34)
    row = next(row for row in get(town.zhou, STREET).context["review"].queue.page if row.pk == item.pk)
    assert "重报" in map(str, row.flags)
    act(town.zhou, item, {"outcome": "agree"})
    assert list(Review.objects.filter(item=item).order_by("pk").values_list("round", "outcome")) == [
        (1, "return"),
        (2, "agree"),
    ]


def test_nobody_reviews_what_she_entered(town: Town) -> None:
    period = open_month(town)
    item = item_of(period, town.fuhou, 2)
    with on("2026-09", 28):
        save_draft(actor=town.zhou, item=item, entry=level(0), expected_version=item.version)
        submit_items(actor=town.zhou, assessment=item.assessment, item_ids=[item.pk])
    refused = act(town.zhou, item, {"outcome": "agree"})
    assert refused.status_code == 403
    assert "不能审核本人填报的事项，请由本街道其他人员或区创建办审核。" in refused.text
    assert act(town.zhou2, item, {"outcome": "agree"}).status_code == 302


@pytest.mark.parametrize(
    ("data", "status", "message"),
    [
        ({"outcome": "set", "points": "", "reason": "缺版面。"}, 422, "请填写分值。"),
        ({"outcome": "set", "points": "-0.01", "reason": "缺版面。"}, 422, "分值不能小于 0。"),
        ({"outcome": "set", "points": "10.01", "reason": "缺版面。"}, 422, "分值不能超过满分 10 分。"),
        ({"outcome": "set", "points": "1e309", "reason": "缺版面。"}, 422, "不是分值"),
        ({"outcome": "set", "points": "NaN", "reason": "缺版面。"}, 422, "不是分值"),
        ({"outcome": "set", "points": "85%", "reason": "缺版面。"}, 422, "不要填百分比"),
        ({"outcome": "set", "points": "9" * 400, "reason": "缺版面。"}, 422, "分值过长"),
        ({"outcome": "set", "points": "<script>", "reason": "缺版面。"}, 422, "不是分值"),
        ({"outcome": "set", "points": "8", "reason": ""}, 422, "请写明理由。"),
        ({"outcome": "set", "points": "8", "reason": "\u3000"}, 422, "请写明理由。"),
        ({"outcome": "return", "reason": "\u200b"}, 422, "请写明理由。"),
        ({"outcome": "return", "reason": "长" * 501}, 422, "最多 500 字"),
        ({"outcome": "return", "reason": "联系 13800138000"}, 422, "疑似有手机号"),
        ({"outcome": "return", "reason": "坏\x00字"}, 422, "无法识别的字符"),
        ({"outcome": "not_applicable"}, 409, "社区没有报不涉及，不能确认不涉及。"),
        ({"outcome": "publish"}, 422, "请选择审核意见。"),
        ({"outcome": "agree", "version": "0"}, 409, "刚被他人或另一窗口修改"),
        ({"outcome": "agree", "version": "一"}, 422, "页面已过期"),
        ({"outcome": "agree", "version": "9" * 400}, 422, "页面已过期"),
    ],
)
def test_bad_input_is_refused_at_the_row_and_changes_nothing(
    town: Town, reported: Period, data: dict[str, str], status: int, message: str
) -> None:
    item = item_of(reported, town.fuhou, 2)
    for headers in ({}, {"HX-Request": "true"}):
        response = act(town.zhou, item, data, **headers)
        assert (response.status_code, message in response.text) == (status, True)
    assert not Review.objects.exists()


def test_htmx_gets_the_row_alone(town: Town, reported: Period) -> None:
    item = item_of(reported, town.fuhou, 2)
    opened = get(town.zhou, f"/items/{item.pk}/review/?axis=street", **{"HX-Request": "true"})
    assert opened.text.strip().startswith(f'<tr id="item-{item.pk}"')
    assert 'name="points"' in opened.text
    refused = act(town.zhou, item, {"outcome": "set", "points": "11", "reason": "好"}, **{"HX-Request": "true"})
    assert (refused.status_code, 'value="11"' in refused.text, "<html" in refused.text) == (422, True, False)
    done = act(town.zhou, item, {"outcome": "set", "points": "8", "reason": "好"}, **{"HX-Request": "true"})
    assert (done.status_code, "改为 8" in done.text, 'name="points"' in done.text) == (200, True, False)


def test_the_way_back_stays_on_this_site(town: Town, reported: Period) -> None:
    item = item_of(reported, town.fuhou, 2)
    answer = act(town.zhou, item, {"outcome": "agree", "next": "https://example.org/"})
    assert answer["Location"] == f"/items/{item.pk}/review/?axis=street#item-{item.pk}"


# -- in bulk


def test_checked_items_are_agreed_to_and_the_rest_is_told(town: Town) -> None:
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou, town.jindi], entries={3: not_applicable()})
    review(town, item_of(period, town.jindi, 1), Axis.STREET)
    stale = item_of(period, town.fuhou, 5)
    stale.version -= 1
    numbers = {item.pk for item in street_items(period, town, 1, 2, 3)}
    response = bulk(town.zhou, [*AssessmentItem.objects.filter(pk__in=numbers), stale])
    assert told(response) == [
        "同意 3 项，4 项未办：不涉及须逐项确认（2 项）；该事项已审核；要改意见请逐项办理（1 项）；"
        "该事项刚有变化，请刷新后核对（1 项）。"
    ]
    assert set(Review.objects.exclude(item__task__number=3).values_list("basis", flat=True)) == {"checked"}


def test_what_need_not_be_looked_at_is_agreed_to_and_says_so(town: Town) -> None:
    play_month(town, "2026-08")
    period = open_month(town)
    report_all(town, period)
    same, unchanged = get(town.zhou, STREET).context["review"].queue.folds
    for fold, done in ((unchanged, "同意 8 项。"), (same, "同意 8 项。")):
        items = [row.current.item for group in fold.groups for row in group.rows]
        assert told(bulk(town.zhou, items, basis=fold.basis)) == [done]
    rows = Review.objects.filter(item__assessment__period=period)
    by_window = {
        kind: set(rows.filter(item__task__window__in=windows).values_list("basis", flat=True))
        for kind, windows in (("state", ["state"]), ("flow", ["month", "quarter", "year"]))
    }
    assert by_window == {"state": {"as_last_month"}, "flow": {"in_bulk"}}
    page = get(town.zhou, STREET + "?show=all").text
    assert ("按上月认定，未逐项核验" in page, "数值同上月，批量认定，未逐项核验" in page) == (True, True)


def test_a_value_that_differs_from_last_month_is_in_no_bulk_act(town: Town) -> None:
    play_month(town, "2026-08")
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou, town.jindi], entries={4: points("7.00")})
    response = bulk(town.zhou, street_items(period, town, 4, 5), basis="in_bulk")
    assert told(response) == ["同意 2 项，2 项未办：该事项数值与上月认定的不同，请逐项核验（2 项）。"]


@pytest.mark.parametrize(("key", "axis"), [("lin", "street"), ("zhou", "task_force"), ("wang", "street")])
def test_a_bulk_act_without_the_right_is_refused_with_the_reason(
    town: Town, reported: Period, key: str, axis: str
) -> None:
    items = AssessmentItem.objects.filter(assessment__period=reported, assessment__subject=town.fuhou)
    response = bulk(town.everybody[key], list(items), axis=axis)
    assert (response.status_code, "请由" in response.text or "代为审核" in response.text) == (403, True)
    assert not Review.objects.exists()


# -- taking back


def test_a_view_is_taken_back_by_the_next_revision(town: Town, reported: Period) -> None:
    item = item_of(reported, town.fuhou, 2)
    act(town.zhou, item, {"outcome": "set", "points": "6", "reason": "缺版面。"})
    undo(town.zhou2, item)
    assert list(Review.objects.values_list("revision", "outcome")) == [(1, "set"), (2, "withdrawn")]
    assert get(town.zhou, STREET).context["review"].counts["waiting"] == 16
    again = undo(town.zhou, item)
    assert (again.status_code, "还没有本线的意见" in again.text) == (409, True)
    act(town.zhou, item, {"outcome": "agree"})
    assert Review.objects.in_force().values_list("revision", "outcome").get() == (3, "agree")


def test_a_return_is_taken_back_until_the_community_begins_to_mend(town: Town, reported: Period) -> None:
    item = item_of(reported, town.fuhou, 2)
    review(town, item, Axis.TASK_FORCE)
    act(town.zhou, item, {"outcome": "return", "reason": "请补制度。"})
    foreign = undo(town.zheng[0], item, axis="task_force")
    assert (foreign.status_code, "由退回的一方撤销" in foreign.text) == (409, True)
    undo(town.zhou, item)
    item.refresh_from_db()
    assert (item.state, item.round, item.draft) == (ItemState.SUBMITTED, 1, None)
    assert set(Review.objects.filter(item=item).in_force().values_list("axis", "outcome")) == {("task_force", "agree")}
    act(town.zhou, item, {"outcome": "return", "reason": "请补制度。"})
    item.refresh_from_db()
    with on("2026-09", 33):
        save_draft(actor=town.lin, item=item, entry=level(1), expected_version=item.version)
    assert violations(reported) == []
    late = undo(town.zhou, item)
    assert (late.status_code, "社区已经开始修改" in late.text) == (409, True)


def test_a_bulk_act_is_taken_back_as_a_whole(town: Town, reported: Period) -> None:
    items = street_items(reported, town, 1, 2)
    bulk(town.zhou, items)
    act(town.zhou, items[0], {"outcome": "set", "points": "5", "reason": "缺版面。"})
    [batch] = get(town.zhou, STREET).context["batches"]
    assert batch.items == 3
    assert undo_bulk(town.wu, batch.number).status_code == 404
    assert undo_bulk(town.lin, batch.number).status_code == 403
    assert undo_bulk(town.zhou2, "0" * 32).status_code == 404
    response = undo_bulk(town.zhou2, batch.number)
    assert told(response) == ["已撤销 3 项，回到待审，1 项未办：该事项后来已另行办理（1 项）。"]
    assert list(Review.objects.in_force().values_list("item", "outcome")) == [(items[0].pk, "set")]
    assert get(town.zhou, STREET).context["batches"] == []
    with on("2026-09", 33):
        withdraw_item(actor=town.lin, item=item_of(reported, town.fuhou, 1))
    assert violations(reported) == []


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"item": ["1:x"]}, 422),
        ({"item": ["9" * 400]}, 422),
        ({"item": []}, 422),
        ({"item": ["999999:1"]}, 404),
        ({"item": ["1:1"], "axis": "office"}, 422),
    ],
)
def test_bad_bulk_input_is_refused(town: Town, reported: Period, data: dict[str, Any], status: int) -> None:
    client = Client()
    client.force_login(town.zhou.user)
    assert client.post("/review/bulk/", {"axis": "street", **data}).status_code == status
    assert not Review.objects.exists()


def test_items_of_another_street_do_not_exist(town: Town, reported: Period) -> None:
    assert bulk(town.wu, street_items(reported, town, 1)).status_code == 404
    assert not Review.objects.exists()


def test_a_ruled_item_is_no_longer_reviewed(town: Town, reported: Period) -> None:
    item = item_of(reported, town.fuhou, 2)
    rule_item(actor=town.wang, item=item, points="6.00", reason="裁定。")
    assert Ruling.objects.count() == 1
    refused = act(town.zhou, item, {"outcome": "agree"})
    assert (refused.status_code, "该事项已由区创建办最终认定。" in refused.text) == (403, True)


# -- queries


def test_the_lists_take_as_many_queries_for_ten_times_the_rows(town: Town) -> None:
    play_month(town, "2026-08")
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou, town.jindi], numbers=[1])
    counts = []
    for numbers in (None, range(2, 9)):
        if numbers:
            report_all(town, period)
        for officer, path in ((town.zhou, STREET + "?show=all"), (town.zheng[0], STAR + "branch_strength/")):
            counts.append(_queries(officer, path))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12


def _queries(officer: Officer, path: str) -> int:
    client = Client()
    client.force_login(officer.user)
    with on("2026-09", 33):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
    return len(captured)
