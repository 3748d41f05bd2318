"""Rules 1 to 5 of the month, each named by its tests."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Conflict, Forbidden, Invalid
from scoring.choices import Axis, ItemState, Outcome, ReportBasis
from scoring.models import AssessmentItem, Report, Review
from scoring.selectors.current import current_items
from scoring.services.appeal import appeal_item
from scoring.services.period import close_period, join_period, open_period, reopen_period
from scoring.services.report import save_draft, submit_items, withdraw_item
from scoring.services.review import review_item, review_items
from scoring.services.ruling import rule_item
from scoring.services.sign_off import sign_off_street
from tests.people import Town
from tests.scoring.month import (
    Month,
    at,
    level,
    not_applicable,
    on,
    open_month,
    play_month,
    points,
    report_all,
    review,
    review_all,
)


def current(item: AssessmentItem):
    return current_items(AssessmentItem.objects.filter(pk=item.pk))[0]


def next_month(town: Town, month: str = "2026-10") -> Month:
    return Month(town, open_month(town, month))


# -- rule 1: windows


def test_rule_1_only_states_open_prefilled_and_flows_open_empty_beside_last_month(town):
    play_month(town, "2026-09")
    items = {
        one.task.number: one
        for one in current_items(
            AssessmentItem.objects.filter(
                assessment__period=open_month(town, "2026-10"), assessment__subject=town.fuhou
            )
        )
    }
    prefilled = {number for number, one in items.items() if one.item.prefilled_from_id}
    assert prefilled == {number for number, one in items.items() if one.task.window == "state"}
    assert all(one.item.previous_id is not None and one.report is None for one in items.values())


def test_rule_1_a_flow_is_never_confirmed_as_unchanged(town):
    play_month(town, "2026-09")
    october = next_month(town)
    flow = october.item(5)
    with on("2026-10", 28), pytest.raises(Invalid, match="不能按与上月一致确认"):
        submit_items(actor=town.lin, assessment=october.assessment(), confirm_unchanged_ids=[flow.pk])
    assert Report.objects.filter(item=flow).count() == 0


def test_rule_1_an_unchanged_state_is_recorded_as_such(town):
    play_month(town, "2026-09")
    october = next_month(town)
    state = october.item(2)
    with on("2026-10", 28):
        [report] = submit_items(actor=town.lin, assessment=october.assessment(), confirm_unchanged_ids=[state.pk])
    last = state.prefilled_from
    assert (report.basis, report.value, report.points) == (ReportBasis.UNCHANGED, last.value, last.points)


# -- rule 2: opening freezes


def test_rule_2_opening_freezes_placement_street_track_and_edition(month, town):
    from branches.services.placing import move_organisation

    before = month.assessment()
    with on("2026-09", 26):
        move_organisation(
            actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=date(2026, 9, 1),
            document_no="魏组〔2026〕9号", reason="区划调整",
        )  # fmt: skip
    report_all(town, month.period)
    after = month.assessment()
    assert (after.placement_id, after.street_id, after.track, after.rubric_id) == (
        before.placement_id, town.xida.pk, before.track, before.rubric_id,
    )  # fmt: skip
    with on("2026-09", 33):
        frozen = review_item(actor=town.zhou, item=month.item(5), axis=Axis.STREET, outcome=Outcome.AGREE)
        with pytest.raises(Forbidden):
            review_item(actor=town.wu, item=month.item(2), axis=Axis.STREET, outcome=Outcome.AGREE)
    assert frozen.pk


def test_rule_2_the_next_month_stands_under_the_new_street(month, town):
    from branches.services.placing import move_organisation

    with on("2026-09", 26):
        move_organisation(
            actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=date(2026, 10, 1),
            document_no="魏组〔2026〕9号", reason="区划调整",
        )  # fmt: skip
    assert next_month(town).assessment().street_id == town.wuyi.pk


@pytest.mark.parametrize(("day", "is_refused"), [(date(2026, 9, 30), True), (date(2026, 10, 1), False)])
def test_rule_2_an_organisation_finishes_its_open_month_before_it_closes(month, town, day, is_refused):
    from branches.services.organisation import close_organisation

    def close():
        return close_organisation(
            actor=town.wang, organisation=town.fuhou, closed_on=day, document_no="魏组〔2026〕12号", reason="并入金地"
        )

    with on("2026-09", 28):
        if is_refused:
            with pytest.raises(Conflict, match="须自2026年10月1日起撤销"):
                close()
        else:
            close()
    report_all(town, month.period)
    assert month.assessment().rating.total == 100


def test_rule_2_an_organisation_founded_later_joins_by_an_act_of_the_office(month, town):
    from branches.choices import Level, Track
    from branches.services.organisation import NewOrganisation, found_organisation

    with on("2026-09", 26):
        new = found_organisation(
            actor=town.wang,
            new=NewOrganisation(
                code="411002001099", name="新城社区", parent=town.xida, level=Level.COMMUNITY, track=Track.URBAN
            ),
            opened_on=date(2026, 9, 26), document_no="魏组〔2026〕10号", reason="新设",
        )  # fmt: skip
        assert not month.period.assessments.filter(subject=new).exists()
        with pytest.raises(Forbidden):
            join_period(actor=town.zhou, period=month.period, organisation=new)
        joined = join_period(actor=town.wang, period=month.period, organisation=new)
    assert (joined.street_id, joined.items.count(), joined.rating.empty_items) == (town.xida.pk, 8, 8)
    with on("2026-09", 27), pytest.raises(Conflict, match="已列入"):
        join_period(actor=town.wang, period=month.period, organisation=new)


# -- rule 3: prefill


def test_rule_3_unchanged_means_settled_as_reported(town):
    september = Month(town, open_month(town, "2026-09"))
    report_all(town, september.period)
    for axis in (Axis.STREET, Axis.TASK_FORCE):
        review(town, september.item(2), axis, Outcome.SET, "6.00", "缺一项")
    review_all(town, september.period)
    october = next_month(town)
    lowered, kept = october.item(2), october.item(7)
    assert (lowered.look_reason, kept.look_reason) == ("上月认定与自评不同", "")
    with on("2026-10", 28), pytest.raises(Invalid, match="请核对后填写"):
        submit_items(actor=town.lin, assessment=october.assessment(), confirm_unchanged_ids=[lowered.pk])


def test_rule_3_an_unsettled_month_before_asks_for_a_look(town):
    september = Month(town, open_month(town, "2026-09"))
    report_all(town, september.period)
    assert next_month(town).item(2).look_reason == "上月尚未认定"


def test_rule_3_later_changes_of_last_month_do_not_flow_forward(town):
    september = Month(town, open_month(town, "2026-09"))
    report_all(town, september.period)
    review_all(town, september.period)
    october = next_month(town)
    review(town, september.item(2), Axis.TASK_FORCE, Outcome.SET, "6.00", "缺一项")
    assert (october.item(2).look_reason, october.item(2).prefilled_from.points) == ("", 10)


# -- rule 4: empty, zero, not applicable


def test_rule_4_empty_zero_and_not_applicable_are_three_things(month, town):
    report_all(
        town, month.period, organisations=[town.fuhou], entries={2: level(2), 3: not_applicable()}, numbers=[2, 3]
    )
    zero, claim, empty = (current(month.item(number)).counted for number in (2, 3, 5))
    assert (zero.kind, zero.points) == ("points", 0)
    assert (claim.kind, claim.points) == ("claimed", None)
    assert (empty.kind, empty.points) == ("empty", None)


def test_rule_4_a_claim_counts_only_once_a_review_confirms_it(month, town):
    report_all(town, month.period, organisations=[town.fuhou], entries={3: not_applicable()})
    before = month.assessment().rating
    review(town, month.item(3), Axis.TASK_FORCE, Outcome.NOT_APPLICABLE)
    after = month.assessment().rating
    assert (before.applicable_points, before.is_complete) == (100, False)
    assert (after.applicable_points, after.points, after.is_complete) == (88, 88, True)
    assert after.total == 100


def test_rule_4_only_tasks_that_may_not_apply_can_be_claimed(month, town):
    with on("2026-09", 26), pytest.raises(Invalid, match="不能选不涉及"):
        save_draft(actor=town.lin, item=month.item(5), entry=not_applicable())


def test_rule_4_a_star_whose_tasks_are_all_out_is_not_rated(month, town):
    report_all(town, month.period, organisations=[town.fuhou], entries={8: not_applicable()})
    review(town, month.item(8), Axis.TASK_FORCE, Outcome.NOT_APPLICABLE)
    star = next(one for one in month.assessment().rating.stars if one["code"] == "business_prosperity")
    assert (star["is_rated"], star["won"], star["reasons"]) == (False, None, ["全部任务不涉及，不评此星"])


# -- rule 5: review


@pytest.fixture
def reported(month, town):
    report_all(town, month.period, organisations=[town.fuhou])
    return month


def test_rule_5_the_two_axes_run_in_parallel(reported, town):
    review(town, reported.item(5), Axis.TASK_FORCE)
    review(town, reported.item(5), Axis.STREET)
    seen = current(reported.item(5))
    assert (seen.street.points, seen.task_force.points) == (20, 20)


@pytest.mark.parametrize("given", ["14.00", "20.00"])
def test_rule_5_points_may_be_set_up_or_down_with_a_reason(month, town, given):
    report_all(town, month.period, organisations=[town.fuhou], entries={5: level(1)})
    with pytest.raises(Invalid, match="请写明理由"):
        review(town, month.item(5), Axis.STREET, Outcome.SET, given)
    assert str(review(town, month.item(5), Axis.STREET, Outcome.SET, given, "现场核对").points) == given


def test_rule_5_a_return_opens_a_new_round_for_that_item_alone_and_voids_both_axes(reported, town):
    review(town, reported.item(5), Axis.TASK_FORCE)
    review(town, reported.item(5), Axis.STREET, Outcome.RETURN, reason="请写明日期")
    seen, other = current(reported.item(5)), current(reported.item(2))
    assert (seen.item.round, seen.item.state) == (2, ItemState.RETURNED)
    assert (seen.report, seen.street, seen.task_force) == (None, None, None)
    assert (other.item.round, other.item.state) == (1, ItemState.SUBMITTED)
    assert Review.objects.filter(item=reported.item(5)).count() == 2


def test_rule_5_undo_is_the_next_revision(reported, town):
    first = review(town, reported.item(5), Axis.STREET, Outcome.SET, "14.00", "看错")
    second = review(town, reported.item(5), Axis.STREET)
    assert (first.revision, second.revision, current(reported.item(5)).street.points) == (1, 2, 20)


def test_rule_5_nobody_reviews_what_she_entered_whatever_appointment_she_acts_in(month, town):
    with on("2026-09", 26):
        save_draft(actor=town.zhou, item=month.item(5), entry=level(0))
        submit_items(actor=town.zhou, assessment=month.assessment(), item_ids=[month.item(5).pk])
        with pytest.raises(Forbidden, match="本人填报"):
            review_item(actor=town.zhou, item=month.item(5), axis=Axis.STREET, outcome=Outcome.AGREE)
        by_colleague = review_item(actor=town.zhou2, item=month.item(5), axis=Axis.STREET, outcome=Outcome.AGREE)
    assert by_colleague.reviewer == town.zhou2.person


def test_rule_5_the_database_refuses_a_review_of_the_own_entry(reported, town):
    report = Report.objects.get(item=reported.item(5))
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            item=report.item, round=1, axis=Axis.STREET, revision=1, outcome=Outcome.AGREE, points=report.points,
            full_points=report.full_points, reviewer=report.entered_by, reported_by=report.entered_by,
            appointment=report.appointment,
        )  # fmt: skip


def test_rule_5_the_office_reviews_what_the_street_entered(month, town):
    with on("2026-09", 26):
        save_draft(actor=town.zhou, item=month.item(5), entry=level(0))
        submit_items(actor=town.zhou, assessment=month.assessment(), item_ids=[month.item(5).pk])
        assert review_item(actor=town.wang, item=month.item(5), axis=Axis.STREET, outcome=Outcome.AGREE).pk
    report_all(town, month.period, organisations=[town.fuhou])
    with on("2026-09", 27), pytest.raises(Forbidden, match="街道代填"):
        review_item(actor=town.wang, item=month.item(2), axis=Axis.STREET, outcome=Outcome.AGREE)


def test_rule_5_entry_on_behalf_keeps_both_names(month, town):
    with on("2026-09", 26):
        save_draft(actor=town.zhou2, item=month.item(5), entry=level(0))
        [report] = submit_items(actor=town.lin, assessment=month.assessment(), item_ids=[month.item(5).pk])
    assert (report.entered_by, report.confirmed_by) == (town.zhou2.person, town.lin.person)


def test_rule_5_a_street_signs_its_batch_by_another_person(reported, town):
    review_all(town, reported.period, axes=[Axis.STREET], organisations=[town.fuhou])
    with on("2026-09", 34):
        with pytest.raises(Conflict, match="另一人审签"):
            sign_off_street(actor=town.zhou, period=reported.period, street=town.xida)
        signed = sign_off_street(actor=town.zhou2, period=reported.period, street=town.xida)
        with pytest.raises(Conflict, match="没有新的"):
            sign_off_street(actor=town.zhou2, period=reported.period, street=town.xida)
    assert (signed.reviews, signed.signed_by) == (8, town.zhou2.person)


def test_rule_5_a_review_needs_a_report_of_the_round(month, town):
    with pytest.raises(Forbidden, match="尚未报送"):
        review(town, month.item(5), Axis.STREET)
    with on("2026-09", 40):
        ruling = rule_item(actor=town.wang, item=month.item(5), points="14.00", reason="未报，按检查结果认定")
    assert current(month.item(5)).counted.points == 1400
    assert ruling.number == 1


def test_rule_5_a_community_withdraws_before_any_review_and_not_after(reported, town):
    with on("2026-09", 29):
        withdraw_item(actor=town.lin, item=reported.item(5))
    item = reported.item(5)
    assert (item.round, item.state, item.draft["value"]) == (2, ItemState.OPEN, {"level": 0})
    review(town, reported.item(2), Axis.STREET)
    with on("2026-09", 34), pytest.raises(Forbidden, match="由街道或专班退回"):
        withdraw_item(actor=town.lin, item=reported.item(2))


def test_rule_5_reopening_a_closed_month_is_an_act_of_the_office_with_a_reason(month, town):
    with on("2026-09", 41):
        close_period(actor=town.wang, period=month.period)
        with pytest.raises(Forbidden):
            reopen_period(actor=town.zhou, period=month.period, reason="漏报")
        with pytest.raises(Invalid, match="请写明理由"):
            reopen_period(actor=town.wang, period=month.period, reason=" ")
        assert reopen_period(actor=town.wang, period=month.period, reason="漏报").is_open


def test_rule_5_one_appeal_of_a_lowered_item_until_closing(reported, town):
    review(town, reported.item(5), Axis.STREET, Outcome.SET, "14.00", "少一次")
    with on("2026-09", 35):
        with pytest.raises(Forbidden, match="被街道或专班降分"):
            appeal_item(actor=town.lin, item=reported.item(2), reason="请再看")
        appeal_item(actor=town.lin, item=reported.item(5), reason="记录已补")
        with pytest.raises(Forbidden, match="只能申请一次"):
            appeal_item(actor=town.lin, item=reported.item(5), reason="再次申请")
        with pytest.raises(Forbidden, match="只有本社区"):
            appeal_item(actor=town.zhou, item=reported.item(5), reason="代为申请")
        answer = rule_item(actor=town.wang, item=reported.item(5), points="20.00", reason="记录属实")
    assert (answer.purpose, current(reported.item(5)).counted.points) == ("appeal", 2000)


def test_rule_5_no_appeal_after_closing(reported, town):
    review(town, reported.item(5), Axis.STREET, Outcome.SET, "14.00", "少一次")
    with on("2026-09", 41):
        close_period(actor=town.wang, period=reported.period)
        with pytest.raises(Forbidden, match="本月已关闭"):
            appeal_item(actor=town.lin, item=reported.item(5), reason="记录已补")


def test_rule_5_bulk_agreement_leaves_what_needs_a_person(month, town):
    report_all(town, month.period, organisations=[town.fuhou], entries={3: not_applicable()})
    with on("2026-09", 33):
        items = AssessmentItem.objects.filter(assessment__period=month.period, assessment__street=town.xida)
        result = review_items(actor=town.zhou, axis=Axis.STREET, items=items)
    reasons = {reason for _, reason in result.skipped}
    assert (result.done, len(result.skipped)) == (7, 9)
    assert reasons == {"不涉及须逐项确认。", "该事项本轮尚未报送，不能审核。请社区先报送，或由街道代填。"}


def test_an_opened_month_is_not_opened_twice(month, town):
    with clock.pinned_at(at("2026-09", 26) + timedelta(hours=1)), pytest.raises(Conflict, match="已经开启"):
        open_period(actor=town.wang, programme=month.period.programme, month=date(2026, 9, 1))


def test_points_are_typed_values_of_the_criterion(month, town):
    with on("2026-09", 26), pytest.raises(Invalid, match="以 0.5 分为一档"):
        save_draft(actor=town.lin, item=month.item(1), entry=points("9.30", "有计划"))
