"""Rules 6 to 16 of the month, each named by its tests."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.http import Http404

from core import clock
from core.canonical import text_digest
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from scoring.choices import Axis, Outcome, Visibility
from scoring.models import (
    AssessmentItem,
    Period,
    ProgrammeYear,
    Publication,
    Rating,
    Report,
    Review,
    Ruling,
    Standing,
)
from scoring.permissions import get_assessment_for, get_item_for, get_publication_for
from scoring.selectors.content_items import is_late
from scoring.selectors.current import current_items
from scoring.selectors.publication_content import trial_content
from scoring.selectors.ranking import ranking_table
from scoring.selectors.ratings import differences
from scoring.services.appeal import appeal_item
from scoring.services.correction import Correction, correct_publication
from scoring.services.period import close_period
from scoring.services.publication import publish_ranking
from scoring.services.rating import recompute_period
from scoring.services.report import save_draft, submit_items
from scoring.services.review import review_item
from scoring.services.ruling import rule_item, settle_remaining
from scoring.services.unlock import unlock_item
from tests.scoring.month import (
    assessment_of,
    at,
    close_month,
    item_of,
    level,
    not_applicable,
    on,
    play_month,
    publish_month,
    report_all,
    review,
    review_all,
    settle_month,
)


def counted(item: AssessmentItem):
    return current_items(AssessmentItem.objects.filter(pk=item.pk))[0].counted


@pytest.fixture
def reviewed(month, town):
    """Everything reported and agreed on both axes; 光明 was entered by the office and is settled by it."""
    report_all(town, month.period)
    review_all(town, month.period)
    return month


# -- rule 6: counted points


def test_rule_6_a_gap_above_the_width_is_provisional_until_a_ruling(reviewed, town):
    item = reviewed.item(5)
    review(town, item, Axis.TASK_FORCE, Outcome.SET, "14.00", "只有两次")
    assert (counted(item).is_gap, counted(item).is_provisional) == (True, True)
    with on("2026-09", 40):
        rule_item(actor=town.wang, item=item, points="16.00", reason="调阅台账")
    assert (counted(item).points, counted(item).source, counted(item).is_provisional) == (1600, "ruling", False)


def test_rule_6_only_the_task_force_or_a_ruling_settles(month, town):
    report_all(town, month.period, organisations=[town.fuhou])
    review_all(town, month.period, axes=[Axis.STREET], organisations=[town.fuhou])
    assert {counted(month.item(number)).is_provisional for number in range(1, 9)} == {True}
    assert month.assessment().rating.provisional_items == 8


def test_rule_6_after_a_ruling_no_review_follows(reviewed, town):
    with on("2026-09", 40):
        rule_item(actor=town.wang, item=reviewed.item(5), points="16.00", reason="调阅台账")
    with pytest.raises(Forbidden, match="最终认定"):
        review(town, reviewed.item(5), Axis.TASK_FORCE)


# -- rule 7: deadlines remind, closing locks


def test_rule_7_a_late_report_is_marked_and_accepted(month, town):
    report_all(town, month.period, organisations=[town.fuhou], numbers=[5], day=33)
    report_all(town, month.period, organisations=[town.fuhou], numbers=[2], day=34)
    found = {
        one.task.number: one for one in current_items(AssessmentItem.objects.filter(assessment=month.assessment()))
    }
    assert month.period.report_due_on == at("2026-09", 33).date()
    assert (is_late(found[5].report, found[5]), is_late(found[2].report, found[2])) == (False, True)


def test_rule_7_closing_locks_every_item(reviewed, town):
    close_month(town, reviewed.period)
    with on("2026-09", 41):
        with pytest.raises(Forbidden, match="本月已关闭"):
            review_item(actor=town.zhou, item=reviewed.item(5), axis=Axis.STREET, outcome=Outcome.AGREE)
        with pytest.raises(Conflict, match="不能关闭"):
            close_period(actor=town.wang, period=reviewed.period)


def test_rule_7_a_timed_unlock_opens_one_item_and_locks_itself(month, town):
    close_month(town, month.period)
    with on("2026-09", 41):
        until = clock.now() + timedelta(hours=2)
        unlock_item(actor=town.wang, item=month.item(5), until=until, reason="系统故障漏报")
        save_draft(actor=town.lin, item=month.item(5), entry=level(0))
        with pytest.raises(Forbidden):
            save_draft(actor=town.lin, item=month.item(2), entry=level(0))
    with on("2026-09", 41, 12), pytest.raises(Forbidden, match="限时解锁"):
        save_draft(actor=town.lin, item=month.item(5), entry=level(1))


def test_rule_7_no_unlock_after_publication(town):
    publication = play_month(town)
    with on("2026-09", 43), pytest.raises(Conflict, match="尚未公布"):
        unlock_item(
            actor=town.wang, item=item_of(publication.period, town.fuhou, 5),
            until=clock.now() + timedelta(hours=1), reason="补报",
        )  # fmt: skip


# -- rule 8: publishing and correcting


def test_rule_8_publishing_is_refused_while_anything_is_provisional(reviewed, town):
    review(town, reviewed.item(5), Axis.TASK_FORCE, Outcome.SET, "14.00", "只有两次")
    close_month(town, reviewed.period)
    with pytest.raises(Conflict, match="还有 1 项尚未认定，不能公布：府后社区第5项"):
        publish_month(town, reviewed.period)
    assert (Publication.objects.count(), Period.objects.get().state) == (0, "closed")


def test_rule_8_publishing_is_refused_while_an_appeal_waits(reviewed, town):
    for axis in (Axis.STREET, Axis.TASK_FORCE):
        review(town, reviewed.item(5), axis, Outcome.SET, "14.00", "少一次")
    with on("2026-09", 35):
        appeal_item(actor=town.lin, item=reviewed.item(5), reason="记录已补")
    settle_month(town, reviewed.period)
    close_month(town, reviewed.period)
    with pytest.raises(Conflict, match="还有 1 项复核申请没有答复"):
        publish_month(town, reviewed.period)
    with on("2026-09", 41):
        rule_item(actor=town.wang, item=reviewed.item(5), points="20.00", reason="记录属实")
    assert publish_month(town, reviewed.period).number == 1


def test_rule_8_settling_the_rest_leaves_gaps_and_claims_to_a_person(month, town):
    report_all(town, month.period, entries={3: not_applicable()}, organisations=[town.fuhou])
    review_all(town, month.period, organisations=[town.fuhou], numbers=[5])
    review(town, month.item(5), Axis.TASK_FORCE, Outcome.SET, "14.00", "只有两次")
    assert settle_month(town, month.period) == 6
    assert {number for number in range(1, 9) if counted(month.item(number)).is_provisional} == {3, 5}


def test_rule_8_an_empty_item_leaves_no_place_and_is_listed(month, town):
    report_all(town, month.period, organisations=[town.jindi, town.guangming, town.fangou])
    review_all(town, month.period)
    settle_month(town, month.period)
    close_month(town, month.period)
    publication = publish_month(town, month.period)
    assert [row["organisation"] for row in publication.data["incomplete"]] == [town.fuhou.code]
    assert {row["organisation"] for row in publication.data["standings"]} == {
        town.jindi.code, town.guangming.code, town.fangou.code,
    }  # fmt: skip
    own = Standing.objects.get(assessment__subject=town.fuhou)
    assert (own.place, own.is_tied) == (None, False)


def test_rule_8_only_the_office_publishes_and_only_a_closed_month(reviewed, town):
    settle_month(town, reviewed.period)
    with on("2026-09", 41), pytest.raises(Conflict, match="先关闭再公布"):
        publish_ranking(actor=town.wang, period=reviewed.period)
    close_month(town, reviewed.period)
    with on("2026-09", 42), pytest.raises(Forbidden):
        publish_ranking(actor=town.zhou, period=reviewed.period)


def test_rule_8_a_correction_takes_two_persons_and_leaves_what_was_published(town):
    first = play_month(town)
    period, item = first.period, item_of(first.period, town.fuhou, 5)
    wish = [Correction(item, "points", Decimal("14.00"), "台账误读", "魏组〔2026〕11号")]
    with on("2026-09", 50):
        with pytest.raises(Forbidden, match="两人"):
            correct_publication(actor=town.wang, second=town.wang, period=period, corrections=wish, reason="误读")
        second = correct_publication(
            actor=town.wang, second=town.wang2, period=period, corrections=wish, reason="台账误读"
        )
    kept = Publication.objects.get(pk=first.pk)
    assert (kept.content, kept.sha256, kept.superseded_by) == (first.content, first.sha256, second)
    assert (_total(first, town.fuhou), _total(second, town.fuhou)) == ("100.00", "94.00")
    with on("2026-09", 51), pytest.raises(Conflict, match="更正"):
        settle_remaining(actor=town.wang, period=period, reason="再认定")


def test_rule_8_each_publication_counts_its_own_rulings(town):
    first = play_month(town)
    item = item_of(first.period, town.fuhou, 5)
    wish = [Correction(item, "points", Decimal("14.00"), "台账误读")]
    with on("2026-09", 50):
        correct_publication(actor=town.wang, second=town.wang2, period=first.period, corrections=wish, reason="误读")
    rows = AssessmentItem.objects.filter(pk=item.pk)
    assert current_items(rows, publication_number=1)[0].counted.points == 2000
    assert current_items(rows, publication_number=2)[0].counted.points == 1400


def _total(publication: Publication, organisation) -> str:
    return next(row["total"] for row in publication.data["assessments"] if row["organisation"] == organisation.code)


# -- rule 9: content is frozen and addressed by its digest (ledgers project it)


def test_rule_9_the_digest_is_that_of_the_text_and_the_trial_has_the_same_shape(reviewed, town):
    settle_month(town, reviewed.period)
    trial = trial_content(reviewed.period)
    close_month(town, reviewed.period)
    publication = publish_month(town, reviewed.period)
    assert publication.sha256 == text_digest(publication.content)
    assert {key: value for key, value in publication.data.items() if key not in ("kind", "published")} == {
        key: value for key, value in trial.items() if key not in ("kind", "published")
    }
    assert json.loads(publication.content)["published"]["by"] == town.wang.person.name


# -- rule 10: ranking


def test_rule_10_ties_share_a_place_within_their_track(town):
    publication = play_month(town)
    rows = [
        (row["organisation"], row["track"], row["place"], row["is_tied"], row["out_of"])
        for row in publication.data["standings"]
    ]
    assert rows == [
        (town.jindi.code, "urban", 1, True, 3),
        (town.fuhou.code, "urban", 1, True, 3),
        (town.guangming.code, "urban", 1, True, 3),
        (town.fangou.code, "agricultural", 1, False, 1),
    ]


# -- rule 11: rights


def test_rule_11_outside_is_404_and_inside_but_not_allowed_is_refused_with_the_reason(month, town):
    own, foreign = assessment_of(month.period, town.fuhou), assessment_of(month.period, town.fangou)
    assert get_assessment_for(town.zhou.user, own.pk) == own
    with pytest.raises(Http404):
        get_assessment_for(town.zhou.user, foreign.pk)
    with pytest.raises(Http404):
        get_item_for(town.zheng[1].user, month.item(5).pk)
    report_all(town, month.period, organisations=[town.fuhou])
    with on("2026-09", 33), pytest.raises(Forbidden, match="只能核验本专班负责的星"):
        review_item(actor=town.zheng[1], item=month.item(5), axis=Axis.TASK_FORCE, outcome=Outcome.AGREE)


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [
        (Visibility.OFF, []),
        (Visibility.BANDS, [(None, None, 5)]),
        (Visibility.ORDER, [(1, None, 5)]),
        (Visibility.WITH_POINTS, [(1, "100.00", 5)]),
    ],
)
def test_rule_11_visibility_is_fixed_in_the_publication(month, town, visibility, seen):
    ProgrammeYear.objects.update(visibility=visibility)
    report_all(town, month.period)
    review_all(town, month.period)
    settle_month(town, month.period)
    close_month(town, month.period)
    publication = publish_month(town, month.period)
    ProgrammeYear.objects.update(visibility=Visibility.OFF)
    table = ranking_table(get_publication_for(town.lin.user, publication.period), town.lin.user)
    foreign = [row for row in table["standings"] if row["organisation"] == town.fangou.code]
    own = [row for row in table["standings"] if row["organisation"] == town.fuhou.code]
    assert [(row["place"], row["total"], row["star_level"]) for row in foreign] == seen
    assert [(row["place"], row["total"]) for row in own] == [(1, "100.00")]
    assert len(ranking_table(publication, town.wang.user)["standings"]) == 4


# -- rule 12: drafts and audit


def test_rule_12_drafts_leave_no_audit_and_submitting_leaves_one_entry_with_row_digests(month, town):
    before = AuditEntry.objects.count()
    with on("2026-09", 28):
        for number in (2, 5):
            save_draft(actor=town.lin, item=month.item(number), entry=level(0))
        assert AuditEntry.objects.count() == before
        reports = submit_items(actor=town.lin, assessment=month.assessment())
    entry = AuditEntry.objects.order_by("-seq")[0]
    named = {tuple(row[:2]) for row in json.loads(entry.payload)["row_digests"]}
    assert AuditEntry.objects.count() == before + 1
    assert named == {("scoring.report", report.pk) for report in reports}


# -- rule 13: versions and locks


def test_rule_13_a_write_on_an_older_picture_is_refused(month, town):
    item = month.item(5)
    with on("2026-09", 28):
        save_draft(actor=town.lin, item=item, entry=level(0), expected_version=0)
        with pytest.raises(Conflict, match="请刷新"):
            save_draft(actor=town.lin2, item=item, entry=level(1), expected_version=0)
    assert AssessmentItem.objects.get(pk=item.pk).draft["value"] == {"level": 0}


def test_rule_13_every_item_write_locks_its_assessment_first(month, town, django_assert_num_queries):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks the database; the order is seen on PostgreSQL")
    from django.test.utils import CaptureQueriesContext

    with (
        on("2026-09", 28),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        save_draft(actor=town.lin, item=month.item(5), entry=level(0))
    locking = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert locking
    assert "scoring_assessment" in locking[0]


# -- rule 14: time


def test_rule_14_one_clock_gives_every_time(month, town):
    report_all(town, month.period, organisations=[town.fuhou], numbers=[5])
    assert Report.objects.get().at == at("2026-09", 28)


# -- rule 15: nothing is deleted


@pytest.mark.parametrize("model", [Report, Review, Ruling, Publication, Standing])
def test_rule_15_append_only_rows_cannot_be_changed_or_deleted(town, model):
    publication = play_month(town)
    wish = [Correction(item_of(publication.period, town.fuhou, 5), "points", Decimal("14.00"), "台账误读")]
    with on("2026-09", 50):
        correct_publication(
            actor=town.wang, second=town.wang2, period=publication.period, corrections=wish, reason="误读"
        )
    assert model.objects.exists()
    for act in (model.objects.all().delete, lambda: model.objects.update(**{_some_field(model): 9})):
        with pytest.raises((DatabaseError, ProtectedError, IntegrityError)), transaction.atomic():
            act()


def _some_field(model: type[models.Model]) -> str:
    return {"report": "round", "review": "round", "ruling": "number", "publication": "number", "standing": "place"}[
        model._meta.model_name or ""
    ]


def test_rule_15_every_relation_of_the_month_protects():
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_app_config("scoring").get_models()
        for field in model._meta.fields
        if field.remote_field and field.remote_field.on_delete is not models.PROTECT
    ]
    assert loose == []


# -- rule 16: points by person are never grouped or ranked


def test_rule_16_ratings_standings_and_content_know_no_person_as_subject(town):
    publication = play_month(town)
    persons = {field.name for model in (Rating, Standing) for field in model._meta.fields if _points_at_person(field)}
    assert persons == set()
    assert {key for row in publication.data["standings"] for key in row} == {
        "organisation", "name", "street_name", "track", "track_name", "place", "is_tied", "out_of", "total",
        "star_level",
    }  # fmt: skip


def _points_at_person(field: models.Field) -> bool:
    target = field.remote_field.model if field.remote_field else None
    return getattr(target, "__name__", "") in ("Person", "User", "Appointment")


# -- rules of the house


def test_the_single_path_equals_the_whole_period_path(reviewed, town):
    review(town, reviewed.item(5), Axis.TASK_FORCE, Outcome.SET, "14.00", "只有两次")
    assert differences(reviewed.period) == []
    before = list(Rating.objects.order_by("pk").values())
    Rating.objects.update(total=None, star_level=0, stars=[], points=0)
    assert len(differences(reviewed.period)) == 4
    assert recompute_period(reviewed.period) == 4
    assert list(Rating.objects.order_by("pk").values()) == before
    assert recompute_period(reviewed.period) == 0


def test_points_must_fit_the_task(reviewed, town):
    for hostile in (
        "-0.01",
        "20.01",
        "1e309",
        "NaN",
        "1_0",
        "0x10",
        "一",
        "4,5",
        "4.5分",
        "85%",
        "1" * 400,
        None,
        [],
        True,
    ):
        with pytest.raises(Invalid, match="第5项"):
            review(town, reviewed.item(5), Axis.STREET, Outcome.SET, hostile, "核对")
    assert Review.objects.filter(item=reviewed.item(5), axis=Axis.STREET).count() == 1
