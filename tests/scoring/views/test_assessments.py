"""The report form: who gets it, what it shows first, what a POST without scripts does."""

import pytest
from django.test import Client

from scoring.choices import Axis, ItemState, Outcome
from scoring.models import AssessmentItem, Report
from tests.people import Town
from tests.scoring.month import (
    Month,
    level,
    month,
    on,
    open_month,
    play_month,
    points,
    report_all,
    review,
    sample_editions,
)

__all__ = ["month"]


def sign_in(client: Client, officer) -> Client:
    client.force_login(officer.user)
    return client


def url_of(assessment) -> str:
    return f"/assessments/{assessment.pk}/"


def fields(month: Month, **values: object) -> dict[str, object]:
    """Form fields by task number: `fields(month, n2=level 0 …)` as {number: {field: text}}."""
    sent: dict[str, object] = {}
    for number, given in values.items():
        item = month.item(int(number[1:]))
        for name, text in {"version": item.version, **given}.items():  # type: ignore[dict-item]
            sent[f"item-{item.pk}-{name}"] = text
    return sent


@pytest.mark.parametrize(
    ("key", "status"),
    [("lin", 200), ("lin2", 200), ("zhou", 200), ("zhou2", 200), ("wang", 200), ("zheng1", 200), ("zheng5", 200),
     ("chen", 404), ("fan", 404), ("wu", 404), ("reader", 404), ("sysadmin", 404), ("secadmin", 404), ("auditor", 404)],
)  # fmt: skip
def test_who_reads_the_month_of_fuhou(client: Client, month: Month, key: str, status: int) -> None:
    response = sign_in(client, month.town.everybody[key]).get(url_of(month.assessment()))
    assert response.status_code == status


@pytest.mark.parametrize(
    ("key", "status"), [("lin", 302), ("zhou", 302), ("wang", 302), ("zheng1", 403), ("chen", 404), ("wu", 404)]
)
def test_who_enters_for_fuhou(client: Client, month: Month, key: str, status: int) -> None:
    sent = {"act": "save", **fields(month, n2={"level": "0"})}
    response = sign_in(client, month.town.everybody[key]).post(url_of(month.assessment()), sent)
    assert response.status_code == status
    assert (month.item(2).draft is not None) == (status == 302)


def test_without_scripts_a_page_saves_and_submits(client: Client, month: Month) -> None:
    sign_in(client, month.town.lin)
    sent = fields(
        month,
        n1={"points": "９．５", "note": "按周调度。"},
        n2={"level": "1"},
        n3={"kind": "not_applicable", "note": "没有物业。"},
    )
    with on("2026-09", 28, 19, 3):
        response = client.post(url_of(month.assessment()), {"act": "submit", **sent}, follow=True)
    reports = Report.objects.order_by("item__task__number").values_list("item__task__number", "kind", "points", "note")
    assert [(number, kind, str(given), note) for number, kind, given, note in reports] == [
        (1, "points", "9.50", "按周调度。"),
        (2, "points", "6.00", ""),
        (3, "not_applicable", "None", "没有物业。"),
    ]
    assert "已报送 3 项。" in response.text
    assert "自评：部分达到，得 6 分。林晓 9月28日 19:03" in response.text


def test_save_keeps_drafts_and_sends_nothing(client: Client, month: Month) -> None:
    sign_in(client, month.town.lin)
    sent = fields(month, n2={"level": "0"})
    with on("2026-09", 28, 19, 3):
        saved = client.post(url_of(month.assessment()), {"act": "save", **sent}, follow=True)
        again = client.post(url_of(month.assessment()), {"act": "save", **sent}, follow=True)
    assert "草稿已存 1 项。" in saved.text
    assert '<p class="saved" role="status">已存 19:03</p>' in saved.text
    assert "没有改动。" in again.text
    assert (Report.objects.count(), month.item(2).draft, month.item(2).version) == (0, level(0), 1)


def test_when_everything_is_sent_the_page_says_so(client: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou])
    with on("2026-09", 28, 10):
        response = sign_in(client, month.town.lin).get(url_of(month.assessment()))
    assert "已报 09:00，本月没有您要办的事了" in response.text
    assert 'name="act"' not in response.text


def test_unchanged_states_are_one_block_and_go_with_one_button(client: Client, town: Town) -> None:
    play_month(town, "2026-09")
    october = Month(town, open_month(town, "2026-10"))
    sign_in(client, town.lin)
    page = client.get(url_of(october.assessment())).text
    assert "其余 4 项与上月一致" in page
    unchanged = [october.item(number).pk for number in (2, 3, 7, 8)]
    sent = {"act": "submit_all", "unchanged": unchanged}
    client.post(url_of(october.assessment()), sent)
    done = Report.objects.filter(item__assessment=october.assessment()).values_list("item_id", "basis")
    assert sorted(done) == sorted((pk, "unchanged") for pk in unchanged)


def test_a_changed_state_goes_as_entered_beside_the_unchanged_ones(client: Client, town: Town) -> None:
    play_month(town, "2026-09")
    october = Month(town, open_month(town, "2026-10"))
    unchanged = [october.item(number).pk for number in (2, 3, 7, 8)]
    sent = {"act": "submit_all", "unchanged": unchanged, **fields(october, n2={"level": "1"})}
    sign_in(client, town.lin).post(url_of(october.assessment()), sent)
    done = Report.objects.filter(item__assessment=october.assessment()).values_list("item__task__number", "basis")
    assert sorted(done) == [(2, "entered"), (3, "unchanged"), (7, "unchanged"), (8, "unchanged")]


def test_a_returned_item_stands_first_with_its_reason_and_waits_for_a_change(client: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], entries={4: points("7.00", "开会七次。")})
    review(month.town, month.item(4), Axis.STREET, Outcome.RETURN, reason="请补充第三次会议的时间。")
    page = sign_in(client, month.town.lin).get(url_of(month.assessment())).text
    assert "街道审核退回（10月3日 09:00）：请补充第三次会议的时间。" in page
    assert page.index("退回的事项") < page.index("已报送的事项")
    same = fields(month, n4={"points": "7", "note": "开会七次。"})
    refused = client.post(url_of(month.assessment()), {"act": "submit", **same})
    assert (refused.status_code, month.item(4).state) == (409, ItemState.RETURNED)
    better = fields(month, n4={"points": "7", "note": "第三次会议9月20日召开。"})
    assert client.post(url_of(month.assessment()), {"act": "submit", **better}).status_code == 302
    assert (month.item(4).state, month.item(4).round) == (ItemState.SUBMITTED, 2)


def test_on_behalf_warns_and_keeps_both_names(client: Client, month: Month) -> None:
    sign_in(client, month.town.zhou2)
    assert "代填：您本人将不能审核这些事项" in client.get(url_of(month.assessment())).text
    client.post(url_of(month.assessment()), {"act": "save", **fields(month, n2={"level": "0"})})
    lin = sign_in(Client(), month.town.lin)
    assert "代填：您本人" not in lin.get(url_of(month.assessment())).text
    page = lin.post(url_of(month.assessment()), {"act": "submit"}, follow=True).text
    report = Report.objects.get()
    assert (report.entered_by, report.confirmed_by) == (month.town.zhou2.person, month.town.lin.person)
    assert "周宁代填，林晓确认" in page


def test_a_task_force_reads_its_star_only_and_no_sums(client: Client, month: Month) -> None:
    response = sign_in(client, month.town.zheng[0]).get(url_of(month.assessment()))
    assert [row.number for row in response.context["form"].rows] == [1, 2]
    assert response.context["form"].stars == []


def test_stars_run_with_what_is_filled_in(client: Client, month: Month) -> None:
    sign_in(client, month.town.lin)
    client.post(url_of(month.assessment()), {"act": "save", **fields(month, n2={"level": "1"})})
    stars = client.get(url_of(month.assessment())).context["form"].stars
    assert [(star.points, star.full, star.missing) for star in stars][:2] == [("6", "20", "10"), ("0", "20", "16")]


def test_last_month_stands_beside_a_flow_by_its_window(client: Client, town: Town) -> None:
    play_month(town, "2026-09")
    october = Month(town, open_month(town, "2026-10"))
    form = sign_in(client, town.lin).get(url_of(october.assessment())).context["form"]
    said = {row.number: row.last for row in form.rows}
    assert said[1] == "上月报：10 分"
    assert said[4] == "上季度报：8 分"
    assert said[6] == "本年累计，上月报：10 分"


def test_a_doubtful_state_is_asked_for(client: Client, town: Town) -> None:
    september = Month(town, open_month(town, "2026-09"))
    report_all(town, september.period)
    review(town, september.item(2), Axis.TASK_FORCE, Outcome.SET, "6.00", "版面不全。")
    october = september.next()
    page = sign_in(client, town.lin).get(url_of(october.assessment()))
    todo = page.context["form"].sections[0]
    assert (todo.key, todo.rows[0].number, todo.rows[0].look_reason) == ("todo", 2, "上月认定与自评不同")


# Beside the form's own, each register that its indicators look at is asked once.
REGISTERS = 13


@pytest.mark.parametrize(("editions", "queries"), [(None, 10), ("sample", 10 + REGISTERS)], ids=["8 rows", "29 rows"])
def test_the_form_costs_the_same_queries_whatever_its_length(
    client, town, django_assert_num_queries, editions, queries
) -> None:
    period = open_month(town, editions=sample_editions() if editions else None)
    assessment = Month(town, period).assessment()
    sign_in(client, town.lin).get(url_of(assessment))
    with django_assert_num_queries(queries):
        client.get(url_of(assessment))
    assert AssessmentItem.objects.filter(assessment=assessment).count() == (29 if editions else 8)


def test_the_form_costs_hardly_more_when_everything_is_sent(client, town, django_assert_num_queries) -> None:
    play_month(town, "2026-09")
    october = Month(town, open_month(town, "2026-10"))
    report_all(town, october.period)
    url = url_of(october.assessment())
    sign_in(client, town.lin).get(url)
    with django_assert_num_queries(11):
        client.get(url)
