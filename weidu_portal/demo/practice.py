"""A whole month played in a portal that stands: opened if need be, reported, reviewed, ruled, closed, published."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from random import Random

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Forbidden
from scoring.choices import Outcome, ReportBasis, ReportKind
from scoring.models import Appeal, Period, Programme, Publication, Report, Review, Ruling, SignOff
from scoring.permissions import can_direct
from scoring.selectors.current import frozen_rubrics
from scoring.services.period import open_period
from weidu_portal.demo.calendar import MonthCalendar
from weidu_portal.demo.month import MonthPlayer, Rates
from weidu_portal.demo.quality import perform, spread_levels
from weidu_portal.demo.standing_cast import standing_cast

LIVELY = Rates(helped=0.05, gap=0.02, returned=0.02)


@transaction.atomic
def play_month(*, actor: Officer, programme: Programme, month: date, seed: int) -> Publication:
    """Play a month to its publication; what was reported in it already stays. The same seed on the same data at the
    same time gives the same publication, byte for byte. Never on real data: Forbidden outside the embedded mode
    unless the programme is for practice."""
    if settings.PORTAL_MODE != "embedded" and not programme.is_practice:
        raise Forbidden("正式环境只能演练“练习”项目，不能在真实数据上演练。")
    can_direct(actor).require()
    period = _opened(actor, programme, month)
    if not period.is_open:
        raise Conflict(f"{period}当前为“{period.get_state_display()}”，只能演练进行中的月份。")
    random = Random(seed)
    rows = list(period.assessments.select_related("subject").order_by("subject__code"))
    rubrics = frozen_rubrics({row.rubric_id for row in rows})
    levels = spread_levels([row.subject.code for row in rows], random)
    performances = {row.subject.code: perform(rubrics[row.rubric_id], levels[row.subject.code], random) for row in rows}
    calendar = MonthCalendar(period.month, clock.now(), begun_at=_begun_at(period))
    cast = standing_cast(period, actor, clock.today())
    return MonthPlayer(period, cast, performances, random, LIVELY, calendar).play()


def counts_of(publication: Publication) -> dict[str, int]:
    """What a month was made of, by what it is called."""
    inside = {"item__assessment__period": publication.period_id}
    reports, reviews = Report.objects.filter(**inside), Review.objects.filter(**inside)
    outcomes = Counter(reviews.order_by().values_list("outcome", flat=True))
    return {
        "自评": reports.count(),
        "其中与上月一致": reports.filter(basis=ReportBasis.UNCHANGED).count(),
        "其中不涉及": reports.filter(kind=ReportKind.NOT_APPLICABLE).count(),
        "其中街道代填": reports.filter(appointment__position__organisation__level=2).count(),
        "再报": reports.filter(round__gt=1).count(),
        "审核": reviews.count(),
        **{f"其中{Outcome(outcome).label}": outcomes[outcome] for outcome in Outcome.values},
        "审签": SignOff.objects.filter(period=publication.period_id).count(),
        "复核申请": Appeal.objects.filter(**inside).count(),
        "认定": Ruling.objects.filter(**inside).count(),
    }


def _opened(actor: Officer, programme: Programme, month: date) -> Period:
    found = Period.objects.filter(programme=programme, month=month).first()
    return found or open_period(actor=actor, programme=programme, month=month)


def _begun_at(period: Period) -> datetime | None:
    """For a month under way or not yet over: the last moment at which something happened in it."""
    inside = {"item__assessment__period": period}
    moments = [
        period.opened_at,
        Report.objects.filter(**inside).aggregate(at=Max("at"))["at"],
        Review.objects.filter(**inside).aggregate(at=Max("at"))["at"],
    ]
    return max(moment for moment in moments if moment is not None)
