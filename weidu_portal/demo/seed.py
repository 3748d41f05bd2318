"""Builds the whole sample: chain, people, rubric, published months and an open one, all through the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from core import clock
from core.actor import SYSTEM
from core.services.calendar import seed_calendar, shipped_years
from grids.services.norms import record_sample_norms
from grids.services.statistics import seed_figures
from ledgers.services.issue import issue_ledgers
from scoring.calc.windows import month_after, month_before
from scoring.imports import import_rubrics
from scoring.models import Period, Programme, Publication, StarKind
from scoring.samples import sample_rubrics
from scoring.selectors.current import frozen_rubrics
from scoring.services.period import open_period
from scoring.services.programme import prepare_programme
from scoring.services.return_phrases import add_phrase
from scoring.services.rubric import publish_rubric
from weidu_portal.demo.calendar import ZONE
from weidu_portal.demo.cast import Cast
from weidu_portal.demo.chain import found_district, import_communities
from weidu_portal.demo.evidence import record_notes
from weidu_portal.demo.ground.people import appoint_posts
from weidu_portal.demo.ground.places import GroundLayer
from weidu_portal.demo.ground.plan import COMMITTEES, COMPANIES, COURTYARDS, GRIDS
from weidu_portal.demo.ground.registers import RegisterKeeper
from weidu_portal.demo.month import MonthPlayer, Rates
from weidu_portal.demo.quality import Performance, earlier, perform, spread_levels
from weidu_portal.demo.words import RETURN_PHRASES, RETURN_PHRASES_OF

QUIET = Rates(lowered=0.012, returned=0.004, gap=0.002, late=0.04)
FRESH = "411002001006"  # 府后: untouched in the open month, so that a visitor can play it

KEPT = timedelta(days=20)  # the registers of a month are filled before its reports

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to build: `months` published months up to and with `until`, repeatable by `seed`."""

    months: int
    until: date
    seed: int

    @property
    def published(self) -> list[date]:
        months = [self.until]
        while len(months) < self.months:
            months.insert(0, month_before(months[0]))
        return months


def seed_demo(wish: Wish, say: Say) -> None:
    """Write everything; `say` is told each step. Call it on an empty database."""
    first = wish.published[0]
    random = Random(wish.seed)
    with clock.pinned_at(datetime.combine(month_before(first), time(9), ZONE)):
        found_district()
        cast = Cast.appointed(clock.today(), random)
        import_communities(cast.office())
        cast.appoint_more(clock.today(), random)
        programme = _programme(wish.published)
        _calendar(wish.published)

        _keep_phrases(cast, programme)
    say("党组织、人员和评星标准已建立")
    with clock.pinned_at(datetime.combine(month_before(first), time(10), ZONE)):
        keeper = _lay_ground(cast, wish)
    say(f"底数已登记（示例）：网格 {GRIDS}，庭院 {COURTYARDS:,}，业委会和物管会 {COMMITTEES}，物业企业 {COMPANIES}")
    publication = _play_months(wish, cast, programme, random, keeper, say)
    issue_ledgers(actor=cast.office(), publication=publication)
    _play_open_month(wish, cast, programme, random, keeper)
    say("上月台账已排队，由后台绘制")


def _lay_ground(cast: Cast, wish: Wish) -> RegisterKeeper:
    """Grids, courtyards and what hangs on them, their posts and accounts; the daily registers follow by month."""
    random = Random(f"{wish.seed} ground")
    seed_figures(actor=cast.office())
    record_sample_norms(actor=cast.office())
    ground = GroundLayer(cast.office(), random).lay()
    appoint_posts(cast.office(), ground, random)
    cast.appoint_more(clock.today(), random)
    keeper = RegisterKeeper(cast.office(), ground, random)
    keeper.keep_standing(clock.today())
    return keeper


def _programme(months: list[date]) -> Programme:
    for year in sorted({month.year for month in (*months, month_after(months[-1]))}):
        programme = prepare_programme(actor=SYSTEM, year=year, from_month=months[0])
    for rubric in import_rubrics(actor=SYSTEM, programme=programme, text=sample_rubrics(), first_month=months[0]):
        publish_rubric(actor=SYSTEM, rubric=rubric)
    return programme


def _calendar(months: list[date]) -> None:
    """The holidays of the years the sample touches, as far as the list that ships knows them."""
    for year in {month.year for month in (*months, month_after(months[-1]))} & set(shipped_years()):
        seed_calendar(actor=SYSTEM, year=year)


def _keep_phrases(cast: Cast, programme: Programme) -> None:
    for place, text in enumerate(RETURN_PHRASES, start=1):
        add_phrase(actor=cast.office(), programme=programme, text=text, order=place)
    kinds = {kind.code: kind for kind in StarKind.objects.filter(code__in=RETURN_PHRASES_OF)}
    for code, texts in RETURN_PHRASES_OF.items():
        for place, text in enumerate(texts, start=1):
            add_phrase(actor=cast.office(), programme=programme, text=text, star_kind=kinds[code], order=place)


def _play_months(
    wish: Wish, cast: Cast, programme: Programme, random: Random, keeper: RegisterKeeper, say: Say
) -> Publication:
    performances: dict[date, dict[str, Performance]] = {}
    publication: Publication | None = None
    for month in wish.published:
        opened_at = publication.at if publication else datetime.combine(month, time(9), ZONE)
        with clock.pinned_at(opened_at):
            period = open_period(actor=cast.office(), programme=programme, month=month)
            if month == wish.until:
                record_notes(period, cast, FRESH)
        with clock.pinned_at(datetime.combine(month + KEPT, time(18), ZONE)):
            keeper.keep_month(month, clock.today())
        if not performances:
            performances = _performances(period, wish, random)
        rates = Rates() if month >= month_before(wish.until) else QUIET
        publication = MonthPlayer(period, cast, performances[month], random, rates).play()
        say(f"{period} 已公布：" + _spread(publication))
    if publication is None:
        raise ValueError("at least one month")
    return publication


def _performances(period: Period, wish: Wish, random: Random) -> dict[date, dict[str, Performance]]:
    """The last month fits the published spread exactly; each earlier one is derived from the one after."""
    rows = list(period.assessments.select_related("subject"))
    frozen = frozen_rubrics({row.rubric_id for row in rows})
    rubrics = {row.subject.code: frozen[row.rubric_id] for row in rows}
    levels = spread_levels(sorted(rubrics), random)
    found = {wish.until: {code: perform(rubric, levels[code], random) for code, rubric in sorted(rubrics.items())}}
    for month in reversed(wish.published[:-1]):
        later = found[month_after(month)]
        found[month] = {code: earlier(rubrics[code], later[code], random) for code in later}
    later = found[wish.until]
    found[month_after(wish.until)] = {code: earlier(rubrics[code], later[code], random) for code in later}
    return found


def _play_open_month(wish: Wish, cast: Cast, programme: Programme, random: Random, keeper: RegisterKeeper) -> None:
    """The month after: open, some communities have sent, some streets and task forces have begun."""
    month = month_after(wish.until)
    last = Publication.objects.order_by("-at")[0]
    with clock.pinned_at(last.at):
        period = open_period(actor=cast.office(), programme=programme, month=month)
        keeper.keep_month(month, max(month, clock.today()))
    performances = _performances(period, wish, random)[month]
    player = MonthPlayer(period, cast, performances, random, Rates())
    sent = [one for one in player.assessments if one.subject.code != FRESH and random.random() < 0.45]
    player.begin(sent, opened_at=last.at)


def _spread(publication: Publication) -> str:
    words = ("五星", "四星", "三星", "二星", "一星", "无星")
    counts = publication.data["star_levels"]
    return "，".join(f"{word} {counts[str(level)]}" for level, word in zip(range(5, -1, -1), words, strict=True))
