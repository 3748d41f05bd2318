"""Rules of the month where two acts meet: each case once went wrong or nearly did."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import clock
from core.errors import Conflict, Forbidden, Invalid
from scoring.choices import Axis, Outcome
from scoring.models import Publication, Ruling
from scoring.selectors.publication_content import trial_content
from scoring.services.appeal import appeal_item
from scoring.services.correction import Correction, correct_publication
from scoring.services.period import open_period
from scoring.services.report import save_draft, submit_items
from scoring.services.review import review_item
from scoring.services.rubric import draft_edition, publish_rubric
from scoring.services.ruling import rule_item, settle_remaining
from scoring.services.sign_off import sign_off_street
from scoring.services.unlock import unlock_item
from tests.scoring.month import (
    Month,
    close_month,
    item_of,
    level,
    not_applicable,
    on,
    open_month,
    play_month,
    publish_month,
    report_all,
    review,
    review_all,
    settle_month,
    small_editions,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lowered(month, town):
    """府后's fifth item, lowered by the street, not yet seen by its task force."""
    report_all(town, month.period)
    review(town, month.item(5), Axis.STREET, Outcome.SET, "14.00", "少一次")
    return month


# -- appeals and rulings (rules 5, 8)


def test_rule_5_what_the_office_has_ruled_is_not_appealed(lowered, town):
    with on("2026-09", 35):
        rule_item(actor=town.wang, item=lowered.item(5), points="14.00", reason="实地查看")
        with pytest.raises(Forbidden, match="最终认定"):
            appeal_item(actor=town.lin, item=lowered.item(5), reason="记录已补")


def test_rule_8_an_appeal_is_answered_one_by_one_and_never_settled_in_bulk(lowered, town):
    with on("2026-09", 35):
        appeal_item(actor=town.lin, item=lowered.item(5), reason="记录已补")
        settle_remaining(actor=town.wang, period=lowered.period, reason="无异议")
    assert (lowered.item(5).rulings.count(), lowered.item(6).rulings.count()) == (0, 1)
    close_month(town, lowered.period)
    with pytest.raises(Conflict, match="还有 1 项复核申请没有答复"):
        publish_month(town, lowered.period)


def test_rule_13_a_ruling_on_an_older_picture_is_refused(lowered, town):
    """Two of the office look at the same item; the second has not seen what the first decided."""
    seen = lowered.item(5).version
    with on("2026-09", 40):
        given = {"item": lowered.item(5), "reason": "实地查看", "expected_version": seen}
        rule_item(actor=town.wang, points="14.00", **given)
        with pytest.raises(Conflict, match="刷新"):
            rule_item(actor=town.wang2, points="20.00", **given)
    assert lowered.item(5).rulings.get().points == 14


def test_rule_13_the_form_of_a_ruling_says_what_was_seen(lowered, town, client):
    client.force_login(town.wang.user, backend="django.contrib.auth.backends.ModelBackend")
    item = lowered.item(5)
    page = client.get(f"/items/{item.pk}/rule/").content.decode()
    assert f'name="version" value="{item.version}"' in page
    form = {"kind": "points", "points": "14", "reason": "实地查看"}
    assert client.post(f"/items/{item.pk}/rule/", form).status_code == 422
    assert client.post(f"/items/{item.pk}/rule/", {**form, "version": item.version - 1}).status_code == 409
    assert client.post(f"/items/{item.pk}/rule/", {**form, "version": item.version}).status_code == 302
    assert Ruling.objects.count() == 1


# -- corrections (rule 8)


def test_rule_8_a_correction_touches_its_own_month_only(town):
    september = play_month(town, "2026-09")
    october = open_month(town, "2026-10")
    other = item_of(october, town.fuhou, 5)
    with on("2026-10", 30), pytest.raises(Conflict, match="只能更正本月的事项"):
        correct_publication(
            actor=town.wang,
            second=town.wang2,
            period=september.period,
            corrections=[Correction(other, "points", Decimal("14.00"), "台账误读")],
            reason="误读",
        )
    assert (Publication.objects.count(), other.rulings.count()) == (1, 0)


def test_rule_8_an_item_is_corrected_twice(town):
    first = play_month(town)
    item = item_of(first.period, town.fuhou, 5)
    for number, points in ((2, "14.00"), (3, "20.00")):
        with on("2026-09", 50 + number):
            wish = [Correction(item, "points", Decimal(points), "台账误读")]
            found = correct_publication(
                actor=town.wang, second=town.wang2, period=first.period, corrections=wish, reason="误读"
            )
        row = next(one for one in found.data["assessments"] if one["organisation"] == town.fuhou.code)
        assert (found.number, row["items"][4]["counted"], found.supersedes.number) == (number, points, number - 1)


# -- prefill over editions (rules 1, 3)


def second_edition(town, programme, **changes):
    """An edition from October on, whose third task (a state that may not apply) is changed."""
    urban, _ = small_editions()
    stars = tuple(
        dataclasses.replace(
            star,
            tasks=tuple(dataclasses.replace(task, **changes) if task.number == 3 else task for task in star.tasks),
        )
        for star in urban.stars
    )
    edition = dataclasses.replace(urban, stars=stars)
    draft = draft_edition(actor=town.wang, programme=programme, edition=edition, first_month=date(2026, 10, 1))
    return publish_rubric(actor=town.wang, rubric=draft)


@pytest.mark.parametrize(
    ("changes", "entry", "reason"),
    [
        ({"may_not_apply": False}, not_applicable(), "本任务已不能选不涉及"),
        ({"title": "物业服务全覆盖"}, level(0), ""),
    ],
    ids=["no longer 不涉及", "other words"],
)
def test_rule_3_unchanged_holds_for_what_the_new_edition_still_allows(town, changes, entry, reason):
    september = Month(town, open_month(town, "2026-09"))
    second_edition(town, september.period.programme, **changes)
    report_all(town, september.period, entries={3: entry}, organisations=[town.fuhou])
    for axis in (Axis.STREET, Axis.TASK_FORCE):
        outcome = Outcome.NOT_APPLICABLE if entry["kind"] == "not_applicable" else Outcome.AGREE
        review(town, september.item(3), axis, outcome)
    october = september.next()
    assert october.item(3).look_reason == reason
    with on("2026-10", 28):
        given = {"actor": town.lin, "assessment": october.assessment()}
        if reason:
            with pytest.raises(Invalid, match="请核对后填写"):
                submit_items(confirm_unchanged_ids=[october.item(3).pk], **given)
        else:
            assert len(submit_items(confirm_unchanged_ids=[october.item(3).pk], **given)) == 1


def test_rule_3_a_flow_that_became_a_state_asks_for_a_look(town):
    programme_month = Month(town, open_month(town, "2026-09"))
    urban, _ = small_editions()
    stars = tuple(
        dataclasses.replace(
            star,
            tasks=tuple(dataclasses.replace(task, window="state") if task.number == 5 else task for task in star.tasks),
        )
        for star in urban.stars
    )
    draft = draft_edition(
        actor=town.wang,
        programme=programme_month.period.programme,
        edition=dataclasses.replace(urban, stars=stars),
        first_month=date(2026, 10, 1),
    )
    publish_rubric(actor=town.wang, rubric=draft)
    report_all(town, programme_month.period)
    review_all(town, programme_month.period)
    assert programme_month.next().item(5).look_reason == "计分办法已变"


# -- the street's signature (rule 5)


def signature(period, organisation):
    rows = trial_content(period)["assessments"]
    return next(row["sign_off"] for row in rows if row["organisation"] == organisation.code)


def test_rule_5_a_signature_covers_what_was_reviewed_before_it(month, town):
    report_all(town, month.period, organisations=[town.fuhou, town.jindi])
    review_all(town, month.period, axes=[Axis.STREET])
    with on("2026-09", 34):
        sign_off_street(actor=town.zhou2, period=month.period, street=town.xida)
    assert signature(month.period, town.fuhou)["by"] == "周宁"
    review(town, month.item(5), Axis.STREET, Outcome.SET, "14.00", "少一次")
    assert (signature(month.period, town.fuhou), signature(month.period, town.jindi)["by"]) == (None, "周宁")
    with on("2026-09", 35):
        sign_off_street(actor=town.zhou2, period=month.period, street=town.xida)
    assert signature(month.period, town.fuhou)["by"] == "周宁"


def test_rule_7_a_review_of_an_unlocked_item_is_signed_too_until_publication(month, town):
    report_all(town, month.period)
    review_all(town, month.period)
    settle_month(town, month.period)
    with on("2026-09", 40):
        sign_off_street(actor=town.zhou2, period=month.period, street=town.xida)
    late = month.item(7)
    close_month(town, month.period)
    with on("2026-09", 41):
        unlock_item(actor=town.wang, item=late, until=clock.now() + timedelta(hours=2), reason="复查")
        review_item(actor=town.zhou, item=late, axis=Axis.STREET, outcome=Outcome.SET, points="5.00", reason="设施停用")
        sign_off_street(actor=town.zhou2, period=month.period, street=town.xida)
    assert signature(month.period, town.fuhou)["by"] == "周宁"
    with on("2026-09", 41):
        rule_item(actor=town.wang, item=late, points="5.00", reason="设施停用")
    publish_month(town, month.period)
    with on("2026-09", 43), pytest.raises(Forbidden, match="已公布"):
        sign_off_street(actor=town.zhou2, period=month.period, street=town.xida)


# -- drafts, rulings, doubles


def test_rule_12_a_draft_never_counts_once_the_office_has_ruled(month, town):
    with on("2026-09", 28):
        save_draft(actor=town.lin, item=month.item(5), entry=level(0))
        rule_item(actor=town.wang, item=month.item(5), points="6.00", reason="未报，按检查结果认定")
        with pytest.raises(Conflict, match="最终认定"):
            submit_items(actor=town.lin, assessment=month.assessment(), item_ids=[month.item(5).pk])
    assert month.assessment().rating.points == 6


def test_rule_2_a_month_opened_before_an_earlier_one_takes_nothing_from_it(town):
    october = Month(town, open_month(town, "2026-10"))
    with on("2026-10", 26):
        september = Month(
            town, open_period(actor=town.wang, programme=october.period.programme, month=date(2026, 9, 1))
        )
    report_all(town, september.period)
    assert october.item(2).prefilled_from is None
    assert october.item(2).previous is None


def test_a_reason_too_long_for_its_place_is_refused_and_not_cut(month, town):
    close_month(town, month.period)
    with on("2026-09", 41), pytest.raises(Invalid, match="最多 200 字"):
        unlock_item(actor=town.wang, item=month.item(5), until=clock.now() + timedelta(hours=1), reason="系统故障" * 51)
