"""Points that come from the ground: proposed, confirmed or disputed, frozen, and looked at again by the reviewer."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, Invalid
from core.models import AuditEntry
from grids.choices import ActivityKind, Management
from grids.models import Activity, CourtyardState, ServiceContract
from ledgers.selectors.papers import paper_forms
from scoring.choices import Axis, Outcome, ReportBasis
from scoring.models import AssessmentItem, GroundBasis, Report
from scoring.selectors.current import current_items
from scoring.selectors.proof import violations
from scoring.selectors.proposals import Proposal, propose_for_entry
from scoring.selectors.publication_content import trial_content
from scoring.selectors.report_form import ReportForm, report_form
from scoring.selectors.review_list import ReviewRow, Why, review_rows
from scoring.selectors.work import community_work
from scoring.services.drafts import follow_ground
from scoring.services.report import save_draft, submit_items, withdraw_item
from tests.grids.ground import SINCE
from tests.grids.registers import keep, registers_of
from tests.people import Town
from tests.scoring.month import (
    Month,
    close_month,
    on,
    open_month,
    publish_month,
    report_all,
    review,
    review_all,
    sample_editions,
    settle_month,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 30)
# Of the sample: stations, coverage, committees, courtyards, hazards, volunteers.
VOLUNTEERS, STATIONS, COURTYARDS, HAZARDS, ITEMS, TEAMS = 3, 6, 10, 16, 22, 23
PROPOSED = [3, 6, 8, 9, 10, 13, 16, 17, 18, 19, 22, 23, 25, 26]


@pytest.fixture
def september(town: Town) -> Month:
    """September with the sample rubrics; 府后 keeps its registers."""
    registers_of(town, town.fuhou, DAY)
    return Month(town, open_month(town, "2026-09", sample_editions()))


def form_of(month: Month, day: int = 33) -> ReportForm:
    with on(f"{month.period.month:%Y-%m}", day):
        return report_form(month.assessment(), month.town.lin, month.town.lin.user)


def proposal_of(month: Month, number: int, day: int = 33) -> Proposal:
    with on(f"{month.period.month:%Y-%m}", day):
        rows = AssessmentItem.objects.filter(pk=month.item(number).pk).select_related("prefilled_from")
        [current] = current_items(rows)
        propose_for_entry([current])
    assert current.proposal is not None
    return current.proposal


def send(month: Month, *numbers: int, day: int = 33) -> list[Report]:
    """林 confirms what the form shows of these tasks."""
    form = form_of(month, day)
    rows = [row for row in form.proposed if row.number in (numbers or PROPOSED)]
    with on(f"{month.period.month:%Y-%m}", day):
        return submit_items(
            actor=month.town.lin,
            assessment=month.assessment(),
            item_ids=[],
            confirm_proposed={row.pk: row.ticket for row in rows},
        )


def draft(month: Month, number: int, value: dict[str, Any], note: str = "", day: int = 33) -> None:
    with on(f"{month.period.month:%Y-%m}", day):
        entry = {"kind": "points", "value": value, "note": note}
        save_draft(actor=month.town.lin, item=month.item(number), entry=entry)


def submit(month: Month, number: int, day: int = 33) -> Report:
    with on(f"{month.period.month:%Y-%m}", day):
        return submit_items(actor=month.town.lin, assessment=month.assessment(), item_ids=[month.item(number).pk])[0]


def manage_second_yard(town: Town) -> None:
    state = CourtyardState.objects.get(name="第2庭院", community=town.fuhou)
    CourtyardState.objects.create(
        courtyard=state.courtyard,
        community=town.fuhou,
        name=state.name,
        kind=state.kind,
        management=Management.SELF,
        starts_on=SINCE,
        revision=2,
        recorded_by=town.lin.appointment,
    )


# -- shown


def test_what_the_ground_yields_stands_in_the_form_ready_to_be_confirmed(september: Month) -> None:
    form = form_of(september)
    assert sorted(row.number for row in form.proposed) == PROPOSED
    assert form.filled == len(PROPOSED)
    yards = next(row for row in form.rows if row.number == COURTYARDS)
    assert (yards.fields["part"], yards.fields["whole"], yards.derived) == (
        "1",
        "3",
        "1/3（33.3%），不足 40%，得 0 分",
    )
    assert (form.as_of, yards.ground) == ("底数截至9月30日", "有人管理的 1 个，庭院（小区） 3 个")


def test_a_running_month_is_looked_at_today_and_says_so(september: Month) -> None:
    assert proposal_of(september, COURTYARDS, day=20).sentence.endswith("（截至2026年9月20日），本月未结束")
    assert proposal_of(september, VOLUNTEERS, day=20).sentence.endswith("（2026年7月1日至9月20日），本月未结束")
    assert proposal_of(september, VOLUNTEERS, day=45).sentence.endswith("（2026年7月1日至9月30日）")


def test_without_registers_nothing_is_proposed(september: Month) -> None:
    town = september.town
    with on("2026-09", 33):
        form = report_form(september.assessment(town.jindi), town.chen, town.chen.user)
    assert (form.proposed, form.filled) == ([], 0)


def test_a_mended_courtyard_changes_the_open_item_at_once_and_no_report(september: Month) -> None:
    send(september, STATIONS)
    before = Report.objects.get()
    manage_second_yard(september.town)
    assert proposal_of(september, COURTYARDS).proposed.text == "2/3（66.6%），达到 60%得 2 分"
    assert Report.objects.get().points == before.points


# -- confirmed


def test_one_act_confirms_all_that_is_proposed_and_freezes_it(september: Month) -> None:
    reports = {report.item.task.number: report for report in send(september)}
    assert sorted(reports) == PROPOSED
    assert {report.basis for report in reports.values()} == {ReportBasis.PROPOSED}
    yards = reports[COURTYARDS]
    assert yards.ground == {
        "indicator": "managed_courtyard_rate",
        "window": "state",
        "on": "2026-09-30",
        "kind": "points",
        "value": {"part": "1", "whole": "3"},
        "points": "0.00",
        "text": "庭院有人管理率：有人管理的 1 个，庭院（小区） 3 个（截至2026年9月30日）",
        "followed": True,
        "rows_sha256": GroundBasis.objects.get(report=yards).sha256,
    }
    assert [(row["words"], row["counted"]) for row in GroundBasis.objects.get(report=yards).rows] == [
        ("第1庭院", True),
        ("第2庭院", False),
        ("第3庭院", False),
    ]


def test_the_audit_carries_the_digests_of_reports_and_rows(september: Month) -> None:
    send(september, STATIONS, COURTYARDS)
    payload = json.loads(AuditEntry.objects.get(verb="scoring.submit").payload)
    assert (payload["items"], len(payload["row_digests"])) == (2, 4)


def test_what_changed_since_it_was_looked_at_is_not_confirmed(september: Month) -> None:
    shown = {row.pk: row.ticket for row in form_of(september).proposed if row.number == COURTYARDS}
    manage_second_yard(september.town)
    with on("2026-09", 33), pytest.raises(Invalid, match="底数刚有变化"):
        submit_items(actor=september.town.lin, assessment=september.assessment(), item_ids=[], confirm_proposed=shown)
    assert not Report.objects.exists()


def test_what_is_typed_as_proposed_counts_as_followed(september: Month) -> None:
    draft(september, COURTYARDS, {"part": "1", "whole": "3"})
    report = submit(september, COURTYARDS)
    assert (report.basis, report.ground["followed"]) == (ReportBasis.ENTERED, True)  # type: ignore[index]


# -- disputed


def test_another_value_needs_a_reason_and_says_that_it_is_disputed(september: Month) -> None:
    draft(september, COURTYARDS, {"part": "3", "whole": "3"})
    with pytest.raises(Invalid, match="与底数不同"):
        submit(september, COURTYARDS)
    draft(september, COURTYARDS, {"part": "3", "whole": "3"}, "新签的两份合同待录入。")
    report = submit(september, COURTYARDS)
    assert (report.points, report.ground["followed"], report.ground["points"]) == (4, False, "0.00")  # type: ignore[index]


def test_a_dispute_is_shown_before_it_is_sent(september: Month) -> None:
    draft(september, COURTYARDS, {"part": "3", "whole": "3"})
    form = form_of(september)
    assert [row.number for row in form.against] == [COURTYARDS]
    assert form.against[0].ground.endswith("，得 0 分")
    assert form.against[0].section == "todo"


def test_following_the_ground_takes_one_tap(september: Month) -> None:
    draft(september, COURTYARDS, {"part": "3", "whole": "3"})
    item = september.item(COURTYARDS)
    with on("2026-09", 33):
        follow_ground(actor=september.town.lin, item=item, expected_version=item.version)
    assert september.item(COURTYARDS).draft["value"] == {"part": "1", "whole": "3"}  # type: ignore[index]
    assert form_of(september).against == []
    with on("2026-09", 33), pytest.raises(Conflict, match="推不出"):
        follow_ground(actor=september.town.lin, item=september.item(1), expected_version=None)


def test_the_buttons_of_the_page(client: Client, september: Month) -> None:
    """Without scripts: what is shown comes back unchanged, one row is changed, then set back to the ground."""
    client.force_login(september.town.lin.user)
    url = f"/assessments/{september.assessment().pk}/"
    with on("2026-09", 33):
        client.force_login(september.town.lin.user)
        page = client.get(url).text
        assert page.count('name="proposed"') == len(PROPOSED)
        yards = september.item(COURTYARDS)
        names = {"part": "3", "whole": "3", "note": "", "version": str(yards.version)}
        fields = {f"item-{yards.pk}-{name}": text for name, text in names.items()}
        assert client.post(url, {**fields, "act": "save"}).status_code == 302
        assert "有 1 项与底数不同" in client.get(url).text
        fields[f"item-{yards.pk}-version"] = str(september.item(COURTYARDS).version)
        assert client.post(url, {**fields, "follow": str(yards.pk)}).status_code == 302
        assert "与底数不同，报送前请写明原因" not in client.get(url).text


def test_sending_the_form_as_it_is_confirms_what_is_proposed(client: Client, september: Month) -> None:
    with on("2026-09", 33):
        client.force_login(september.town.lin.user)
        url = f"/assessments/{september.assessment().pk}/"
        form = client.get(url).context["form"]
        fields = {f"item-{row.pk}-{name}": text for row in form.proposed for name, text in row.fields.items()}
        fields |= {f"item-{row.pk}-version": str(row.version) for row in form.proposed}
        tickets = [f"{row.pk}:{row.ticket}" for row in form.proposed]
        assert client.post(url, {**fields, "proposed": tickets, "act": "submit_all"}).status_code == 302
        assert Report.objects.filter(basis=ReportBasis.PROPOSED).count() == len(PROPOSED)
        assert client.post(url, {"proposed": ["1:x"], "act": "submit_all"}).status_code == 422


# -- the next month


def test_an_unchanged_state_whose_ground_changed_asks_for_a_look(september: Month) -> None:
    town = september.town
    send(september)
    review_all(town, september.period)
    october = september.next()
    rows = {row.number: row for row in form_of(october).rows}
    assert (rows[COURTYARDS].section, rows[TEAMS].section) == ("unchanged", "unchanged")
    manage_second_yard(town)
    rows = {row.number: row for row in form_of(october).rows}
    assert (rows[COURTYARDS].section, rows[COURTYARDS].look_reason) == ("proposed", "底数已变")
    assert rows[TEAMS].section == "unchanged"
    with on("2026-10", 33), pytest.raises(Invalid, match="底数已变"):
        submit_items(
            actor=town.lin,
            assessment=october.assessment(),
            item_ids=[],
            confirm_unchanged_ids=[october.item(COURTYARDS).pk],
        )


def test_a_dispute_over_an_unchanged_ground_stands_with_its_reason(september: Month) -> None:
    draft(september, TEAMS, {"count": "3"}, "还有两支队伍待登记。")
    submit(september, TEAMS)
    review_all(september.town, september.period)
    october = september.next()
    row = next(row for row in form_of(october).rows if row.number == TEAMS)
    assert (row.section, row.is_against, row.look_reason) == ("unchanged", True, "")
    with on("2026-10", 33):
        [report] = submit_items(
            actor=september.town.lin,
            assessment=october.assessment(),
            item_ids=[],
            confirm_unchanged_ids=[october.item(TEAMS).pk],
        )
    assert (report.basis, report.note, report.ground["followed"]) == ("unchanged", "还有两支队伍待登记。", False)  # type: ignore[index]


# -- review


def queue(month: Month) -> dict[int, ReviewRow]:
    with on(f"{month.period.month:%Y-%m}", 35):
        items = AssessmentItem.objects.filter(assessment=month.assessment())
        return {row.current.task.number: row for row in review_rows(items, Axis.STREET, month.town.zhou)}


def test_a_contradiction_comes_first_with_its_reason_in_words(september: Month) -> None:
    send(september, STATIONS, VOLUNTEERS, HAZARDS)
    draft(september, COURTYARDS, {"part": "3", "whole": "3"}, "新签的两份合同待录入。")
    submit(september, COURTYARDS)
    rows = queue(september)
    assert (rows[COURTYARDS].why, str(rows[COURTYARDS].flags[0])) == (Why.GROUND, "高于底数（底数为 0 分）")
    assert rows[STATIONS].why != Why.GROUND
    keep(
        Activity,
        september.town.lin,
        community=september.town.fuhou,
        on=date(2026, 9, 3),
        kind=ActivityKind.VOLUNTEER,
        title="补登的一次",
    )
    rows = queue(september)
    assert [number for number, row in rows.items() if row.why == Why.GROUND] == [VOLUNTEERS, COURTYARDS]
    assert str(rows[VOLUNTEERS].flags[0]) == "报后底数有变，现为 2 分"


def test_a_changed_row_that_earns_the_same_is_no_contradiction(september: Month) -> None:
    send(september, COURTYARDS)
    ServiceContract.objects.update(note="续签")
    keep(
        CourtyardState,
        september.town.lin,
        courtyard=CourtyardState.objects.get(name="第3庭院", community=september.town.fuhou).courtyard,
        community=september.town.fuhou,
        name="第3庭院（改名）",
        kind="old",
        starts_on=SINCE,
        revision=2,
    )
    assert queue(september)[COURTYARDS].why != Why.GROUND


# -- later


def test_what_was_proposed_is_told_in_one_sentence_and_in_the_publication(september: Month) -> None:
    send(september, STATIONS)
    draft(september, COURTYARDS, {"part": "3", "whole": "3"}, "新签的两份合同待录入。")
    submit(september, COURTYARDS)
    with on("2026-09", 35):
        content = trial_content(september.period)
    code = september.town.fuhou.code
    own = next(one for one in content["assessments"] if one["organisation"] == code)
    said = {item["number"]: item["reported"] for item in own["items"] if item["reported"]}
    assert (said[STATIONS]["basis"], said[STATIONS]["ground"][:11]) == ("proposed", "小区党群服务中心达标率")
    assert said[COURTYARDS]["ground"].startswith("与底数不同（庭院有人管理率：")


def test_a_month_with_proposals_keeps_every_rule(september: Month) -> None:
    town = september.town
    send(september)
    report_all(town, september.period)
    review_all(town, september.period)
    review(town, september.item(COURTYARDS), Axis.TASK_FORCE, Outcome.SET, "2", "已补合同。")
    settle_month(town, september.period)
    assert violations(september.period) == []


def test_a_withdrawn_report_may_follow_the_new_ground(september: Month) -> None:
    send(september, COURTYARDS)
    manage_second_yard(september.town)
    with on("2026-09", 34):
        withdraw_item(actor=september.town.lin, item=september.item(COURTYARDS))
    form = form_of(september, 34)
    assert [row.number for row in form.against] == [COURTYARDS]


# -- the page behind an item


def test_the_page_behind_an_item_shows_rows_now_and_then(client: Client, september: Month) -> None:
    send(september, COURTYARDS)
    manage_second_yard(september.town)
    with on("2026-09", 35):
        client.force_login(september.town.zheng[1].user)
        page = client.get(f"/items/{september.item(COURTYARDS).pk}/ground/")
    shown = page.context["shown"]
    assert [row.words for row in shown.now.counted] == ["第1庭院", "第2庭院"]
    assert [row.words for row in shown.frozen.counted] == ["第1庭院"]
    assert shown.against == "报后底数有变，现为 2 分"
    assert {row.link for row in shown.now.counted} == {""}
    assert "本社区的全部指标" not in page.text


@pytest.mark.parametrize(("number", "words"), [(11, "还没有登记簿"), (1, "不取自底数")])
def test_the_page_of_an_item_without_ground(client: Client, september: Month, number: int, words: str) -> None:
    with on("2026-09", 35):
        client.force_login(september.town.lin.user)
        assert words in client.get(f"/items/{september.item(number).pk}/ground/").text


def test_the_form_asks_as_often_for_three_yards_as_for_one(client: Client, september: Month) -> None:
    url = f"/assessments/{september.assessment().pk}/"
    with on("2026-09", 33):
        client.force_login(september.town.lin.user)
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for day in range(1, 9):
            keep(
                Activity,
                september.town.lin,
                community=september.town.fuhou,
                on=date(2026, 9, day),
                kind=ActivityKind.VOLUNTEER,
                title="又一次",
            )
        with CaptureQueriesContext(connection) as many:
            client.get(url)
    assert len(many) == len(few) == 24


# -- counted and shown elsewhere as on the form


def test_home_counts_what_the_ground_proposes_apart_from_what_is_to_fill(september: Month, client: Client) -> None:
    town = september.town
    client.force_login(town.lin.user)
    with on("2026-09", 33):
        [work] = community_work(town.fuhou)
        page = client.get("/").content.decode()
    assert (work.to_fill, work.proposed, work.unchanged, work.total) == (15, 14, 0, 29)
    assert ["15 项要填" in page, "底数已提出 14 项，待您确认" in page] == [True, True]
    draft(september, COURTYARDS, {"part": "3", "whole": "3"})
    send(september, STATIONS)
    with on("2026-09", 33):
        [work] = community_work(town.fuhou)
    assert (work.to_fill, work.proposed, work.to_send) == (15, 12, 1)


def test_an_unchanged_state_the_ground_speaks_against_is_counted_as_proposed(september: Month) -> None:
    town = september.town
    send(september)
    report_all(town, september.period)
    review_all(town, september.period)
    settle_month(town, september.period)
    close_month(town, september.period)
    publish_month(town, september.period)
    october = Month(town, open_month(town, "2026-10"))
    before = form_of(october)
    manage_second_yard(town)
    after = form_of(october)
    assert len(after.proposed) == len(before.proposed) + 1
    with on("2026-10", 33):
        [work] = community_work(town.fuhou)
    assert (work.proposed, work.unchanged) == (len(after.proposed), len(after.unchanged))


def test_the_grid_of_a_street_shows_what_the_ground_yields_and_keeps_nothing_of_it(september: Month) -> None:
    town, client = september.town, Client()
    client.force_login(town.zhou.user)
    yards = september.item(COURTYARDS)
    key = yards.task.key.code
    address = f"/periods/2026-09/grid/?task={key}"
    with on("2026-09", 33):
        page = client.get(address).content.decode()
        form = {"act": "save", "task": key, f"cell-{yards.pk}": "1/3", f"version-{yards.pk}": "0"}
        client.post("/periods/2026-09/grid/", form)
    assert (f'name="cell-{yards.pk}" value="1/3"' in page, page.count("取自底数：有人管理的 1 个")) == (True, 1)
    yards.refresh_from_db()
    assert yards.draft is None
    draft(september, COURTYARDS, {"part": "3", "whole": "3"})
    with on("2026-09", 33):
        assert "与底数不同：有人管理的 1 个，庭院（小区） 3 个，得 0 分" in client.get(address).content.decode()


def test_the_prefilled_paper_form_prints_what_the_ground_yields(september: Month) -> None:
    with on("2026-09", 33):
        [form] = paper_forms([september.assessment()], september.town.lin)
    said = {row.number: (row.grid.cell, row.grid.ground) for row in form.rows if row.grid.ground}
    assert sorted(said) == PROPOSED
    assert said[COURTYARDS] == ("1/3", "取自底数：有人管理的 1 个，庭院（小区） 3 个")
