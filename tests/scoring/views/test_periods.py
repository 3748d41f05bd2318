from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.acting import Officer
from scoring.calc.change_words import star_words
from scoring.choices import Axis, PeriodState, Visibility
from scoring.models import (
    Appeal,
    Assessment,
    AssessmentItem,
    ItemUnlock,
    Period,
    ProgrammeYear,
    Publication,
    Ruling,
    SignOff,
    Star,
    Veto,
)
from scoring.selectors.checklist import closing_counts
from scoring.selectors.desk import desk
from scoring.services.appeal import appeal_item
from scoring.services.sign_off import sign_off_street
from tests.people import Town, Unit, write_units
from tests.scoring.month import (
    close_month,
    item_of,
    not_applicable,
    on,
    open_month,
    play_month,
    report_all,
    review,
    review_all,
    settle_month,
)

pytestmark = pytest.mark.django_db
MONTH = "/periods/2026-09/"


def get(officer: Officer, path: str) -> Any:
    client = Client()
    client.force_login(officer.user)
    with on("2026-09", 43):
        return client.get(path)


def post(officer: Officer, path: str, **data: str) -> Any:
    client = Client()
    client.force_login(officer.user)
    with on("2026-09", 43):
        return client.post(path, data)


def rule(officer: Officer, item: AssessmentItem, **data: str) -> Any:
    version = AssessmentItem.objects.get(pk=item.pk).version
    return post(officer, f"/items/{item.pk}/rule/", version=str(version), **data)


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.context["error"].message


@pytest.fixture
def period(town: Town) -> Period:
    return open_month(town)


# -- who gets in


@pytest.mark.parametrize(
    ("key", "statuses"),
    [
        ("wang", (200, 200, 200, 200, 200, 200)),
        ("wang2", (200, 200, 200, 200, 200, 200)),
        ("zhou", (200, 200, 403, 403, 403, 403)),
        ("lin", (200, 200, 403, 403, 403, 403)),
        ("zheng1", (200, 200, 403, 403, 403, 403)),
        ("reader", (200, 200, 403, 403, 403, 403)),
        ("auditor", (200, 404, 404, 404, 404, 404)),
    ],
)
def test_who_sees_the_months_and_who_the_office_pages(
    town: Town, period: Period, key: str, statuses: tuple[int, ...]
) -> None:
    pages = ("/periods/", MONTH, MONTH + "close/", MONTH + "publish/", MONTH + "rulings/", MONTH + "trial/")
    assert tuple(get(town.everybody[key], page).status_code for page in pages) == statuses


@pytest.mark.parametrize("act", ["open", "join", "close", "reopen", "settle", "publish", "recompute"])
def test_only_the_office_acts_on_a_month(town: Town, period: Period, act: str) -> None:
    path = "/periods/open/" if act == "open" else f"{MONTH}{act}/"
    for officer in (town.zhou, town.lin, town.zheng[0], town.reader):
        answer = post(officer, path, month="2026-10", reason="测试。")
        assert (answer.status_code, "只有区创建办可以办理。" in answer.text) == (403, True)
    period.refresh_from_db()
    assert (period.state, Period.objects.count()) == (PeriodState.OPEN, 1)


def test_the_desk_is_the_office_s_alone(town: Town, period: Period) -> None:
    assert "desk" in get(town.wang, MONTH).context
    assert "desk" not in get(town.zhou, MONTH).context


# -- the desk


def test_the_desk_counts_like_the_checklist_of_closing(town: Town, period: Period) -> None:
    report_all(town, period, organisations=[town.fuhou, town.jindi, town.guangming], entries={3: not_applicable()})
    review_all(town, period, axes=[Axis.STREET], organisations=[town.fuhou])
    review(town, item_of(period, town.fuhou, 1), Axis.TASK_FORCE, "set", "5.00", "材料不全。")
    review(town, item_of(period, town.fuhou, 2), Axis.TASK_FORCE)
    found = desk(period)
    assert found.counts == closing_counts(period)
    assert [(line.name, line.communities, line.counts.total, line.unsigned) for line in found.streets] == [
        ("西大街道", 2, 16, 7),
        ("五一路街道", 2, 14, 0),
    ]
    assert found.incomplete == 4
    assert [(block.text, block.what) for block in found.blocks] == [
        ("本月考评还在进行，须先关闭。", ""),
        ("1 项街道、专班意见相差过大，须逐项裁定。", "gap"),
        ("3 项“不涉及”尚未确认，须逐项认定。", "claim"),
        ("19 项专班尚未核验，可按现有意见一并认定。", "provisional"),
    ]


def test_the_desk_shows_signatures_and_what_came_after(town: Town, period: Period) -> None:
    report_all(town, period)
    review_all(town, period, axes=[Axis.STREET], numbers=[1, 2])
    with on("2026-09", 34):
        sign_off_street(actor=town.zhou2, period=period, street=town.xida)
    review_all(town, period, axes=[Axis.STREET], numbers=[5])
    line = desk(period).streets[0]
    assert (line.sign_off.signed_by.name if line.sign_off else "", line.unsigned) == ("周宁", 2)


# -- opening, joining, closing


def test_the_office_opens_the_next_month(town: Town, period: Period) -> None:
    assert "2026-10" in get(town.wang, "/periods/").text
    assert post(town.wang, "/periods/open/", month="2026-10")["Location"] == "/periods/2026-10/"
    assert refusal(post(town.wang, "/periods/open/", month="2026-10")) == (409, "2026年10月考评已经开启。")
    assert refusal(post(town.wang, "/periods/open/", month="2027-01")) == (
        409,
        "没有2027年度的考评规则，请先设置年度规则。",
    )


@pytest.mark.parametrize("month", ["", "2026-13", "2026-00", "0001-01", "2026年3月", "2026-1", "９999-01", "\x00"])
def test_a_month_is_read_strictly(town: Town, period: Period, month: str) -> None:
    assert refusal(post(town.wang, "/periods/open/", month=month)) == (422, "月份须写成 2026-10 的样式。")
    assert Period.objects.count() == 1


def test_a_new_community_joins_the_open_month(town: Town, period: Period) -> None:
    unit = Unit("411002001009", "新建社区", "411002001", 3, track="urban")
    write_units([unit], {"411002001": town.xida})
    assert post(town.wang, MONTH + "join/", organisation=unit.code).status_code == 302
    assert Assessment.objects.filter(period=period, subject__code=unit.code).count() == 1
    assert refusal(post(town.wang, MONTH + "join/", organisation=unit.code)) == (409, "该党组织已列入本月考评。")
    assert post(town.wang, MONTH + "join/", organisation="411002999999").status_code == 404
    close_month(town, period)
    assert refusal(post(town.wang, MONTH + "join/", organisation=unit.code)) == (
        409,
        "只有进行中的月份可以补列考评对象。",
    )


def test_closing_and_reopening(town: Town, period: Period) -> None:
    assert refusal(post(town.wang, MONTH + "reopen/", reason="补报。"))[0] == 409
    assert post(town.wang, MONTH + "close/").status_code == 302
    assert refusal(post(town.wang, MONTH + "close/")) == (
        409,
        "本月考评当前为“已关闭”，不能关闭。要改由区创建办重新开放。",
    )
    assert refusal(post(town.wang, MONTH + "reopen/", reason=" ")) == (422, "请写明理由。")
    assert post(town.wang, MONTH + "reopen/", reason="停电补报。").status_code == 302
    period.refresh_from_db()
    assert period.state == PeriodState.OPEN


# -- rulings


@pytest.fixture
def gap(town: Town, period: Period) -> Any:
    report_all(town, period)
    item = item_of(period, town.fuhou, 2)
    review(town, item, Axis.STREET)
    review(town, item, Axis.TASK_FORCE, "set", "6.00", "缺档案。")
    return item


def test_a_gap_is_listed_with_both_reasons_and_ruled(town: Town, period: Period, gap: Any) -> None:
    page = get(town.wang, MONTH + "rulings/?what=gap")
    (row,) = page.context["rows"]
    assert (row.community, row.task, row.gap) == ("府后社区", "2 党群服务阵地“六有”", "4")
    assert [(voice.label, voice.points, voice.reason, voice.by) for voice in row.voices] == [
        ("自评", "10", "达到要求，得 10 分", ""),
        ("街道审核", "10", "同意（逐项核验）", "周正"),
        ("专班核验", "6", "缺档案。", "郑一"),
    ]
    answer = rule(town.wang, gap, kind="points", points="8", reason="现场看过。", next=MONTH + "rulings/")
    assert answer["Location"] == MONTH + "rulings/"
    ruling = Ruling.objects.get()
    assert (str(ruling.points), ruling.reason, ruling.purpose) == ("8.00", "现场看过。", "adjudication")
    assert get(town.wang, MONTH + "rulings/?what=gap").context["rows"] == []


@pytest.mark.parametrize(
    ("data", "status", "message"),
    [
        ({"points": "10.01", "reason": "好"}, 422, "第2项“党群服务阵地“六有””：分值不能超过满分 10 分。"),
        ({"points": "NaN", "reason": "好"}, 422, "“NaN”不是分值"),
        ({"points": "１_0", "reason": "好"}, 422, "不是分值"),
        ({"points": "8", "reason": ""}, 422, "请写明理由。"),
        ({"points": "8", "reason": "好", "kind": "zero"}, 422, "请选择认定分值或不涉及。"),
        ({"kind": "not_applicable", "reason": "好"}, 422, "本任务不能认定为不涉及。"),
        ({"points": "8", "reason": "好", "document_no": "坏\x00"}, 422, "文号里有无法识别的字符"),
    ],
)
def test_a_bad_ruling_is_refused_with_what_was_typed(
    town: Town, period: Period, gap: Any, data: dict[str, str], status: int, message: str
) -> None:
    answer = rule(town.wang, gap, **data)
    assert answer.status_code == status
    assert message in answer.context["error"].message
    assert not Ruling.objects.exists()


@pytest.mark.parametrize(("take", "points"), [("street", "10.00"), ("task_force", "6.00"), ("report", "10.00")])
def test_a_ruling_takes_one_voice_over_as_it_stands(
    town: Town, period: Period, gap: Any, take: str, points: str
) -> None:
    both = rule(town.wang, gap, take=take, points="8", reason="会商。")
    assert (both.status_code, "二选一" in both.context["error"].message) == (422, True)
    rule(town.wang, gap, take=take, points="", reason="会商后采用。")
    assert str(Ruling.objects.get().points) == points


def test_only_the_office_rules(town: Town, period: Period, gap: Any) -> None:
    answers = [rule(who, gap, points="8", reason="好") for who in (town.zhou, town.lin, town.zheng[0])]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert rule(town.wu, gap, points="8", reason="好").status_code == 404


def test_an_appeal_is_answered_by_a_ruling(town: Town, period: Period, gap: Any) -> None:
    with on("2026-09", 35):
        appeal_item(actor=town.lin, item=gap, reason="档案已补齐。")
    (row,) = get(town.wang, MONTH + "rulings/?what=appeal").context["rows"]
    assert (row.appeal, desk(period).appeals) == ("档案已补齐。（林晓，10月5日 09:00）", 1)
    rule(town.wang, gap, points="9", reason="复核属实。")
    assert (Ruling.objects.get().purpose, desk(period).appeals, Appeal.objects.count()) == ("appeal", 0, 1)
    assert get(town.wang, MONTH + "rulings/?what=appeal").context["rows"] == []


def test_one_item_is_found_by_community_and_number(town: Town, period: Period) -> None:
    def found(query: str) -> list[str]:
        rows = get(town.wang, f"{MONTH}rulings/?what=item&{query}").context["rows"]
        return [f"{row.community} {row.current.task.number}" for row in rows]

    assert found("community=府后&number=2") == ["府后社区 2"]
    assert found("community=府后社区&number=2") == ["府后社区 2"]
    assert found("community=411002001006&number=8") == ["府后社区 8"]
    assert found("community=411002001006&number=9999999999999999999999") == []
    assert found("community=&number=2") == []


def test_an_item_of_a_closed_month_is_unlocked_for_a_while(town: Town, period: Period, gap: Any) -> None:
    path = f"/items/{gap.pk}/unlock/"
    assert refusal(post(town.wang, path, until="2026-10-14T18:00", reason="补。"))[0] == 409
    close_month(town, period)
    assert refusal(post(town.wang, path, until="2026-10-30T18:00", reason="补。")) == (
        422,
        "解锁期限须在今后七天之内。",
    )
    assert refusal(post(town.wang, path, until="2026-02-30T18:00", reason="补。"))[0] == 422
    assert refusal(post(town.wang, path, until="明天", reason="补。"))[0] == 422
    assert refusal(post(town.wang, path, until="2026-10-14T18:00", reason="")) == (422, "请写明理由。")
    assert post(town.wang, path, until="2026-10-14T18:00", reason="补材料。").status_code == 302
    assert ItemUnlock.objects.get().expires_at.isoformat() == "2026-10-14T10:00:00+00:00"


# -- settle, publish


def test_settling_leaves_gaps_and_claims(town: Town, period: Period, gap: Any) -> None:
    assert refusal(post(town.wang, MONTH + "settle/", reason="")) == (422, "请写明理由。")
    post(town.wang, MONTH + "settle/", reason="无异议。")
    assert (Ruling.objects.count(), [block.what for block in desk(period).blocks]) == (29, ["", "gap"])


def test_publishing_is_refused_with_what_is_unsettled(town: Town, period: Period, gap: Any) -> None:
    assert refusal(post(town.wang, MONTH + "publish/")) == (409, "本月考评当前为“进行中”，先关闭再公布。")
    settle_month(town, period)
    close_month(town, period)
    assert refusal(post(town.wang, MONTH + "publish/")) == (409, "还有 1 项尚未认定，不能公布：府后社区第2项。")
    assert get(town.wang, MONTH + "publish/").context["trial"].provisional == 1
    rule(town.wang, gap, points="8", reason="现场看过。")
    assert post(town.wang, MONTH + "publish/").status_code == 302
    assert Publication.objects.get().published_by == town.wang.person
    page = get(town.wang, MONTH).text
    shown = [words for words in ("公布前须办", "重算评星", "试排名", "各街道进度") if words in page]
    assert shown == ["各街道进度"]
    assert refusal(post(town.wang, MONTH + "publish/")) == (409, "本月考评当前为“已公布”，先关闭再公布。")
    assert refusal(rule(town.wang, gap, points="9", reason="再看。")) == (
        403,
        "本月结果已公布，只能由区创建办两人办理更正。",
    )


def test_the_trial_shows_ties_levels_and_changes(town: Town) -> None:
    play_month(town, "2026-08")
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou, town.jindi, town.fangou])
    review(town, item_of(period, town.fuhou, 5), Axis.TASK_FORCE, "set", "14.00", "巡查不足。")
    trial = get(town.wang, MONTH + "trial/").context["trial"]
    assert [(table.title, [row["name"] for row in table.rows]) for table in trial.tables] == [
        ("城市社区", ["金地社区", "府后社区"]),
        ("涉农社区", ["樊沟社区"]),
    ]
    assert [(change.name, [star_words(star) for star in change.turned]) for change in trial.turned] == [
        ("府后社区", ["平安法治星 −1：第5项 −6"])
    ]
    assert trial.sentence.endswith(
        "较上月五星 −2、四星 +1、无星 +1，新得 0 颗星、未保住 1 颗，"
        "主要因平安法治星1 个社区未保住（多在第5项）。星级为测算，未定星。"
    )
    assert "平安法治星 −1：第5项 −6" in get(town.wang, MONTH + "trial/").text
    assert [row["name"] for row in trial.content["incomplete"]] == ["光明社区"]
    assert sum(trial.content["star_levels"].values()) == 4


def ready(town: Town, period: Period) -> Period:
    report_all(town, period)
    review_all(town, period)
    settle_month(town, period)
    return close_month(town, period)


def notice(**parts: str) -> dict[str, str]:
    empty = dict.fromkeys(("addressees", "basis", "scope", "method", "closing", "issuer"), "")
    return {"title": "关于9月考评的通报", **empty, **parts}


def test_text_and_visibility_are_chosen_at_publishing_and_fixed(town: Town, period: Period) -> None:
    ready(town, period)
    page = get(town.wang, MONTH + "publish/")
    assert ("关于2026年9月“五星”支部创建考评排名的通报" in page.text, page.context["visibility"]) == (
        True,
        "with_points",
    )
    assert "考评对象为全区 4 个社区，其中城市社区 3 个、涉农社区 1 个。" in page.text
    answer = post(town.wang, MONTH + "publish/", **notice(closing="请抓紧补短板。"), visibility=Visibility.BANDS)
    assert answer.status_code == 302
    content = Publication.objects.get().data
    assert (content["notice"], content["rules"]["visibility"]) == (notice(closing="请抓紧补短板。"), "bands")
    ProgrammeYear.objects.update(visibility=Visibility.OFF)
    read = get(town.lin, "/rankings/2026-09/").text
    assert ("关于9月考评的通报" in read, "请抓紧补短板。" in read, "本月只公开星级" in read) == (True, True, True)
    assert get(town.wang, MONTH).text.count(Publication.objects.get().sha256[:12]) == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": "  "}, "请填写通报的标题。"),
        ({"title": "长" * 121}, "标题最多 120 字"),
        ({"closing": "联系 13903741234"}, "结语里疑似有手机号"),
        ({"basis": "坏\x00"}, "依据里有无法识别的字符"),
        ({"visibility": "everybody"}, "请选择公开范围。"),
    ],
)
def test_a_bad_text_is_refused_and_kept_on_the_page(
    town: Town, period: Period, typed: dict[str, str], message: str
) -> None:
    ready(town, period)
    answer = post(town.wang, MONTH + "publish/", **{**notice(scope="全区四个社区。"), **typed})
    assert (answer.status_code, message in answer.text, "全区四个社区。" in answer.text) == (422, True, True)
    assert not Publication.objects.exists()


def test_recomputing_is_a_job(town: Town, period: Period) -> None:
    assert post(town.wang, MONTH + "recompute/")["Location"].startswith("/jobs/")


# -- 审签


def test_another_person_signs_what_was_reviewed(town: Town, period: Period) -> None:
    report_all(town, period)
    review_all(town, period, axes=[Axis.STREET])
    path = MONTH + "review/street/sign-off/"
    own = get(town.zhou, path).context["sheet"]
    assert own.permit.reason == "其中 16 项由您本人审核，请由本街道另一人审签。"
    assert refusal(post(town.zhou, path)) == (409, own.permit.reason)
    sheet = get(town.zhou2, path).context["sheet"]
    assert (sheet.reviewers, sheet.communities, sheet.finished, sheet.different) == ([("周正", 16)], 2, 2, [])
    assert (sheet.bases, sheet.open) == ([("逐项核验", 16)], [])
    assert post(town.zhou2, path).status_code == 302
    assert SignOff.objects.get().reviews == 16
    assert refusal(post(town.zhou2, path)) == (409, "没有新的审核意见需要审签。")
    assert [get(who, path).status_code for who in (town.lin, town.wang, town.zheng[0])] == [403, 403, 403]


def test_the_signer_sees_what_differs_since_the_last_signature_and_what_is_open(town: Town, period: Period) -> None:
    report_all(town, period, organisations=[town.fuhou])
    path = MONTH + "review/street/sign-off/"
    review(town, item_of(period, town.fuhou, 2), Axis.STREET, "set", "6", "缺版面。")
    post(town.zhou2, path)
    review(town, item_of(period, town.fuhou, 7), Axis.STREET, "set", "5", "只有一处。")
    sheet = get(town.zhou2, path).context["sheet"]
    told = [(row.task, row.reported, row.own_points, row.own_reason) for row in sheet.different]
    assert (told, sheet.signed) == ([("7 文化活动场所", "10", "5", "只有一处。")], 1)
    lines = [(line.community, line.waiting, line.returned, line.missing) for line in sheet.open]
    assert (lines, sheet.open_items) == ([("金地社区", 0, 0, 8), ("府后社区", 6, 0, 0)], 14)
    page = get(town.zhou2, path).text
    assert '<del><span class="visually-hidden">原为 </span>10</del>' in page


# -- 一票否决


def test_a_veto_needs_a_clause_of_the_edition(town: Town, period: Period) -> None:
    assert get(town.wang, MONTH + "vetoes/").status_code == 404
    assert get(town.wang, MONTH).context["has_vetoes"] is False
    assert (Veto.objects.count(), Star.objects.exclude(veto=[]).count()) == (0, 0)


# -- queries


def test_the_desk_takes_as_many_queries_for_ten_times_the_rows(town: Town) -> None:
    period = open_month(town, "2026-08")
    units = [Unit(f"4110020010{number}", f"新{number}社区", "411002001", 3, track="urban") for number in range(20, 56)]
    write_units(units, {"411002001": town.xida})
    open_month(town)
    assert period.assessments.count() * 10 == Assessment.objects.filter(period__month="2026-09-01").count()
    counts = []
    for month in ("2026-08", "2026-09"):
        client = Client()
        client.force_login(town.wang.user)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/periods/{month}/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
