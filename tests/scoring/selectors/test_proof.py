"""Each invariant of a month broken behind the application, and the line that `check_month` says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F, Model, QuerySet

from core import clock, immutability
from core.canonical import text_digest
from core.models import AuditEntry
from scoring.choices import Axis, Outcome
from scoring.models import (
    Appeal,
    Assessment,
    AssessmentItem,
    ItemUnlock,
    Period,
    Publication,
    Rating,
    Report,
    Review,
    Rubric,
    Ruling,
    SignOff,
    Standing,
)
from scoring.selectors.proof import violations
from scoring.services.appeal import appeal_item
from scoring.services.correction import Correction, correct_publication
from scoring.services.ruling import rule_item
from scoring.services.sign_off import sign_off_street
from scoring.services.unlock import unlock_item
from tests.people import Town
from tests.scoring.month import (
    Month,
    at,
    close_month,
    not_applicable,
    on,
    open_month,
    play_month,
    publish_month,
    report_all,
    review,
    review_all,
)
from tests.security.test_matrix import taken_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def october(town: Town) -> Month:
    """October after a whole September: a return, a gap, a claim, an appeal, a signature, an unlock, a correction."""
    play_month(town, "2026-09")
    month = Month(town, open_month(town, "2026-10"))
    report_all(town, month.period, organisations=[town.fuhou], entries={3: not_applicable()})
    report_all(town, month.period)
    review(town, month.item(2), Axis.STREET, Outcome.RETURN, reason="日期有误")
    report_all(town, month.period, day=33)
    review(town, month.item(3), Axis.STREET, Outcome.NOT_APPLICABLE)
    review(town, month.item(3), Axis.TASK_FORCE, Outcome.NOT_APPLICABLE)
    review(town, month.item(5), Axis.STREET, Outcome.SET, "14.00", "少一次")
    review(town, month.item(6), Axis.STREET)
    review(town, month.item(6), Axis.TASK_FORCE, Outcome.SET, "2.00", "没有记录")
    review_all(town, month.period, day=34)
    with on("2026-10", 35):
        appeal_item(actor=town.lin, item=month.item(5), reason="记录已补")
        sign_off_street(actor=town.zhou2, period=month.period, street=town.xida)
        for number in (5, 6):
            rule_item(actor=town.wang, item=month.item(number), points="10.00", reason="记录属实")
    close_month(town, month.period)
    with on("2026-10", 42):
        unlock_item(actor=town.wang, item=month.item(7), until=clock.now() + timedelta(hours=1), reason="复查")
    publish_month(town, month.period)
    with on("2026-10", 50):
        wish = [Correction(month.item(5), "points", Decimal("14.00"), "台账误读")]
        correct_publication(actor=town.wang, second=town.wang2, period=month.period, corrections=wish, reason="误读")
    month.period.refresh_from_db()
    return month


def test_months_that_services_wrote_break_no_rule(october: Month) -> None:
    found = [str(one) for period in Period.objects.all() for one in violations(period)]
    assert found == []


# -- behind the application


@pytest.fixture
def no_guard() -> Iterator[Callable[..., None]]:
    """Lifts the triggers, and the constraints that are named; everything is back after the test."""
    immutability.uninstall()

    def lift(model: type[Model], *constraints: str) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = ON")
                return
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name in constraints:
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {name}")

    yield lift
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def of(model: Any, month: Month, task: int, **more: Any) -> QuerySet[Any]:
    """The rows of 府后's item in October."""
    return model.objects.filter(item=month.item(task), **more)


def reword(month: Month) -> None:
    publication = Publication.objects.get(period=month.period, number=1)
    text = publication.content.replace('"star_level":5', '"star_level":4', 1)
    Publication.objects.filter(pk=publication.pk).update(content=text, sha256=text_digest(text))


def drop(rows: QuerySet[Any]) -> None:
    rows._raw_delete(rows.db)  # type: ignore[attr-defined]


BROKEN: dict[str, tuple[Callable[[Month], Any], str]] = {
    "points that the criterion does not give": (
        lambda m: of(Report, m, 5).update(points="14.00"),
        "规则6：府后社区第5项：第1轮自评记为14.00分，按计分办法应为20.00分",
    ),
    "a report lost": (lambda m: drop(of(Report, m, 1)), "规则12：府后社区第1项：状态为“已报送”第1轮，自评却有第0轮"),
    "a report of a later round": (
        lambda m: of(Report, m, 1).update(round=2),
        "规则12：府后社区第1项：状态为“已报送”第1轮，自评却有第2轮",
    ),
    "a flow confirmed as unchanged": (
        lambda m: of(Report, m, 5).update(basis="unchanged"),
        "规则1：府后社区第5项：第1轮自评把累计类任务按与上月一致确认",
    ),
    "unchanged, but other than last month": (
        lambda m: of(Report, m, 7).update(value={"level": 1}, points="5.00"),
        "规则3：府后社区第7项：第1轮自评记为与上月一致，却不同于9月的自评",
    ),
    "filled in from elsewhere": (
        lambda m: AssessmentItem.objects.filter(pk=m.item(7).pk).update(
            prefilled_from=Report.objects.filter(item__assessment__period=m.period)[0]
        ),
        "规则3：府后社区第7项：预填的不是本社区同一任务上月的自评",
    ),
    "a draft beside a report": (
        lambda m: AssessmentItem.objects.filter(pk=m.item(1).pk).update(draft={"kind": "points"}),
        "规则12：府后社区第1项：已报送却还有草稿",
    ),
    "returned by nobody": (
        lambda m: AssessmentItem.objects.filter(pk=m.item(1).pk).update(state="returned"),
        "规则5：府后社区第1项：状态为已退回，上一轮却没有退回意见",
    ),
    "不涉及 where that cannot be": (
        lambda m: of(Ruling, m, 6).update(kind="not_applicable", points=None),
        "规则4：府后社区第6项：最终认定认作不涉及，但本任务不能不涉及",
    ),
    "she reviewed what she entered": (
        lambda m: of(Review, m, 1, axis="street").update(reviewer=m.town.lin.person),
        "规则5：府后社区第1项：第1轮街道审核由填报人自己办理",
    ),
    "a review of nothing": (
        lambda m: of(Review, m, 1, axis="street").update(round=7),
        "规则5：府后社区第1项：第7轮街道审核时该轮没有自评",
    ),
    "a review of somebody else's report": (
        lambda m: of(Review, m, 1, axis="street").update(reported_by=m.town.chen.person),
        "规则5：府后社区第1项：第1轮街道审核所记填报人与自评不符",
    ),
    "a review by another street": (
        lambda m: of(Review, m, 1, axis="street").update(appointment=m.town.wu.appointment),
        "规则11：府后社区第1项：第1轮街道审核不是由负责的街道或专班办理",
    ),
    "agreed to other points": (
        lambda m: of(Review, m, 1, axis="street").update(points="9.00"),
        "规则6：府后社区第1项：第1轮街道审核为同意，分值却与自评不同",
    ),
    "a view left out": (
        lambda m: of(Review, m, 1, axis="street").update(revision=3),
        "规则5：府后社区第1项：第1轮的审核次序不连续",
    ),
    "more than full points": (
        lambda m: of(Review, m, 5, axis="street").update(points="21.00"),
        "规则4：府后社区第5项：审核的分值21.00不在 0 和满分之间",
    ),
    "full points of another edition": (
        lambda m: of(Review, m, 1, axis="street").update(full_points="12.00"),
        "规则2：府后社区第1项：审核所记满分与冻结的评星标准不符",
    ),
    "reviewed while closed": (
        lambda m: of(Review, m, 1, axis="street").update(at=at("2026-10", 41, 12)),
        "规则7：府后社区第1项：第1轮审核在关闭期间办理，当时没有解锁",
    ),
    "reviewed after publishing": (
        lambda m: of(Review, m, 7, axis="street").update(at=at("2026-10", 45)),
        "规则8：府后社区第7项：第1轮审核晚于公布",
    ),
    "an endless unlock": (
        lambda m: ItemUnlock.objects.update(expires_at=F("expires_at") + timedelta(days=30)),
        "规则7：府后社区第7项：限时解锁的期限不在七天之内",
    ),
    "signed by whoever reviewed": (
        lambda m: SignOff.objects.update(signed_by=m.town.zhou.person),
        "规则5：第1次审签：由审核人自己审签",
    ),
    "signed more than there was": (
        lambda m: SignOff.objects.update(reviews=99),
        "规则5：第1次审签：记了99条审核，实有17条",
    ),
    "an appeal without a reason to": (
        lambda m: of(Review, m, 5, axis="street").update(points="20.00"),
        "规则5：府后社区第5项：申请复核时没有被审核降分",
    ),
    "an appeal by another community": (
        lambda m: Appeal.objects.update(appointment=m.town.chen.appointment),
        "规则5：府后社区第5项：复核申请不是由本社区提出",
    ),
    "a gap nobody ruled": (lambda m: drop(of(Ruling, m, 6)), "规则6：府后社区第6项：已公布，两线差距却没有裁定"),
    "published unsettled": (
        lambda m: drop(of(Review, m, 1, axis="task_force")),
        "规则8：府后社区第1项：已公布，却尚未认定",
    ),
    "a ruling left out": (lambda m: of(Ruling, m, 6).update(number=2), "规则6：府后社区第6项：最终认定的次序不连续"),
    "a ruling by a street": (
        lambda m: of(Ruling, m, 6).update(appointment=m.town.zhou.appointment),
        "规则11：府后社区第6项：最终认定不是由区创建办办理",
    ),
    "a correction by one": (
        lambda m: of(Ruling, m, 5, number=2).update(second_by=None),
        "规则8：府后社区第5项：更正没有由两人办理",
    ),
    "a publication by one": (
        lambda m: Publication.objects.filter(number=2).update(second_by=None),
        "规则8：第2次公布：更正没有由两人办理",
    ),
    "a star given": (
        lambda m: Rating.objects.filter(assessment=m.assessment()).update(star_level=0),
        "规则6：411002001006：star_level 与重算不一致",
    ),
    "a rating lost": (
        lambda m: drop(Rating.objects.filter(assessment=m.assessment())),
        "规则6：411002001006：缺少评星结果",
    ),
    "another place": (
        lambda m: Standing.objects.filter(publication__number=1, assessment=m.assessment()).update(place=77),
        "规则10：第1次公布：411002001006 的名次与公布内容不符",
    ),
    "content changed": (
        lambda m: Publication.objects.filter(period=m.period, number=1).update(content="{}"),
        "规则9：第1次公布：内容与摘要不符",
    ),
    "content and digest changed": (reword, "规则9：第1次公布：与按现存记录重新生成的内容不同："),
    "open again after publishing": (
        lambda m: Period.objects.filter(pk=m.period.pk).update(state="open"),
        "规则8：月份状态为“进行中”，公布有2次",
    ),
    "another street": (
        lambda m: Assessment.objects.filter(pk=m.assessment().pk).update(street=m.town.wuyi),
        "规则2：府后社区：冻结的街道与隶属所记不符",
    ),
    "another place in the chain": (
        lambda m: Assessment.objects.filter(pk=m.assessment().pk).update(
            placement=m.assessment(m.town.jindi).placement
        ),
        "规则2：金地社区：冻结的隶属不是本社区的",
    ),
    "another track": (
        lambda m: Assessment.objects.filter(pk=m.assessment().pk).update(track="agricultural"),
        "规则2：府后社区：冻结的类别与隶属所记不符",
    ),
    "another edition": (
        lambda m: Assessment.objects.filter(pk=m.assessment().pk).update(rubric=m.assessment(m.town.fangou).rubric),
        "规则2：府后社区：考评事项与评星标准的任务不一一对应",
    ),
    "an edition changed": (
        lambda m: Rubric.objects.filter(pk=m.assessment().rubric_id).update(content='{"stars": []}'),
        "规则2：城市社区评星标准（测试） 第1版：发布内容与摘要不符",
    ),
    "a reason changed": (lambda m: of(Ruling, m, 6).update(reason="另有原因"), "与写入时不符，被改动"),
    "a row lost": (lambda m: drop(of(Review, m, 1, axis="street")), "已不存在"),
    "an entry changed": (
        lambda m: AuditEntry.objects.filter(verb="scoring.sign_off").update(actor_label="吴"),
        "内容与校验值不符，记录被改动",
    ),
    "an entry lost": (lambda m: drop(AuditEntry.objects.filter(verb="scoring.sign_off")), "序号不连续"),
}  # fmt: skip
LIFTED = {
    Report: ("reported_points_within_full", "a_report_has_points_or_does_not_apply"),
    Review: (
        "nobody_reviews_her_own_entry",
        "reviewed_points_within_full",
        "a_review_gives_points_only_when_it_settles_them",
    ),
    Ruling: ("a_correction_takes_two_persons", "a_ruling_has_points_or_does_not_apply", "ruled_points_within_full"),
    Publication: (
        "a_later_publication_supersedes_with_a_reason_and_two_persons",
        "two_persons_publish_a_correction",
    ),
}


def test_what_is_broken_behind_the_application_is_said(october: Month, no_guard: Callable[..., None]) -> None:
    """Each breach in the same months, taken back before the next."""
    for model, constraints in LIFTED.items():
        no_guard(model, *constraints)
    unsaid = {}
    for name, (break_it, wanted) in BROKEN.items():
        with taken_back():
            break_it(october)
            found = [str(one) for one in violations(october.period)]
        if not any(wanted in line for line in found):
            unsaid[name] = found
    assert unsaid == {}
    assert violations(october.period) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot lift a table's own uniqueness")
def test_two_reports_of_a_round_are_said(october: Month, no_guard: Callable[..., None]) -> None:
    no_guard(Report, "one_report_a_round")
    report = of(Report, october, 1).get()
    report.pk = None
    report.save(force_insert=True)
    found = [str(one) for one in violations(october.period)]
    assert "规则12：府后社区第1项：同一轮有两份自评" in found


# -- the command


def test_the_command_ends_with_0_or_with_a_line_and_1(october: Month, no_guard: Callable[..., None]) -> None:
    out = StringIO()
    call_command("check_month", period="2026-10", stdout=out)
    assert out.getvalue() == "2026年10月考评：未发现违反规则之处。\n"
    Rating.objects.filter(assessment=october.assessment()).update(star_level=0)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_month", period="2026-10", stdout=out)
    assert (ended.value.code, out.getvalue()) == (1, "规则6：411002001006：star_level 与重算不一致\n")
