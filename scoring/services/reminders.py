"""The daily digest: at most one text a person and working day about what waits for her; deadlines lock nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from branches.choices import Right, Role
from branches.models import Appointment
from branches.rights import rights_of
from core import clock
from core.actor import SYSTEM
from core.calc.working_days import is_working
from core.selectors.calendar import special_days_around
from core.services import audit
from core.services.notifications import notify
from scoring.calc.reminding import Pace, Stage, deadline_words, stage
from scoring.models import Period, ProgrammeYear
from scoring.selectors.progress import MonthProgress, StreetProgress, month_progress
from scoring.selectors.work import periods_in_hand

DIGEST = "digest"
NAMED = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence for those who hold `right` at an organisation (None: at any); of a street perhaps its secretary."""

    text: str
    right: Right
    organisation_id: int | None = None
    is_for_secretary: bool = False


def is_time_to_remind() -> bool:
    """Whether today is a working day and an open month's hours allow a word now."""
    today, hour = clock.today(), timezone.localtime(clock.now()).hour
    if not is_working(today, special_days_around(today)):
        return False
    return any(rules.remind_from_hour <= hour < rules.remind_until_hour for _, rules in _open_months())


@transaction.atomic
def write_digests() -> int:
    """Write what is due today; run twice it writes nothing the second time. Gives how many digests are new."""
    if not is_time_to_remind():
        return 0
    months = _open_months()
    lines = [line for period, rules in months for line in _lines(period, rules, clock.today())]
    texts = _texts(lines)
    ceiling = min(rules.remind_ceiling for _, rules in months)
    written = notify(texts=texts, kind=DIGEST, day=clock.today(), ceiling=ceiling)
    if written:
        audit.record(actor=SYSTEM, verb="scoring.remind", payload={"day": clock.today(), "digests": written})
    return written


def _open_months() -> list[tuple[Period, ProgrammeYear]]:
    """Open months with the rules of their year; a month without rules is not reminded of."""
    open_ones = [period for period in periods_in_hand() if period.is_open]
    years = ProgrammeYear.objects.filter(programme__in=[one.programme_id for one in open_ones])
    rules = {(year.programme_id, year.year): year for year in years}
    found = [(period, rules.get((period.programme_id, period.month.year))) for period in open_ones]
    return [(period, year) for period, year in found if year is not None]


def _lines(period: Period, rules: ProgrammeYear, today: date) -> Iterator[Line]:
    special = special_days_around(today)
    pace = Pace(rules.remind_before_days, rules.escalate_street_days, rules.escalate_office_days)
    dues = (period.report_due_on, period.street_due_on, period.task_force_due_on)
    report, street, task_force = (stage(due, today, pace, special) for due in dues)
    progress = month_progress(period)
    yield from _to_communities(progress, report)
    yield from _to_streets(progress, report, street)
    yield from _to_task_forces(progress, task_force)
    yield from _to_office(progress, report, street, task_force)


def _to_communities(progress: MonthProgress, report: Stage) -> Iterator[Line]:
    if not report.is_remembered:
        return
    for street in progress.streets:
        for one in street.late:
            left = [f"{one.missing} 项没报"] if one.missing else []
            left += [f"{one.returned} 项退回没重报"] if one.returned else []
            text = f"{progress.period}：还有 {'、'.join(left)}，{deadline_words(report)}。"
            yield Line(text, Right.REPORT, one.subject_id)


def _to_streets(progress: MonthProgress, report: Stage, review: Stage) -> Iterator[Line]:
    for street in progress.streets:
        if review.is_remembered and street.at_street:
            text = f"{progress.period}：还有 {street.at_street} 项待街道审核，{deadline_words(review)}。"
            yield Line(text, Right.REVIEW_PLACE, street.street_id)
        if report.is_for_street and street.late:
            text = f"{progress.period}：{_names(street)}还没报完，{deadline_words(report)}，请了解有什么困难。"
            yield Line(text, Right.REVIEW_PLACE, street.street_id, is_for_secretary=True)


def _to_task_forces(progress: MonthProgress, review: Stage) -> Iterator[Line]:
    if review.is_remembered:
        for pk, _, waiting in progress.task_forces:
            text = f"{progress.period}：还有 {waiting} 项待专班核验，{deadline_words(review)}。"
            yield Line(text, Right.REVIEW_THEME, pk)


def _to_office(progress: MonthProgress, report: Stage, street: Stage, task_force: Stage) -> Iterator[Line]:
    late = [one for one in progress.streets if one.late]
    unread = [one for one in progress.streets if one.at_street]
    if report.is_for_office and late:
        count = sum(len(one.late) for one in late)
        text = f"{progress.period}：{len(late)} 个街道的 {count} 个社区还没报完，{deadline_words(report)}。"
        yield Line(text, Right.DIRECT)
    if street.is_for_office and unread:
        yield Line(f"{progress.period}：{len(unread)} 个街道还没审完，{deadline_words(street)}。", Right.DIRECT)
    if task_force.is_for_office and progress.task_forces:
        names = "、".join(name for _, name, _ in progress.task_forces)
        yield Line(f"{progress.period}：{names}还没核验完，{deadline_words(task_force)}。", Right.DIRECT)


def _names(street: StreetProgress) -> str:
    names = [one.name for one in street.late]
    more = f"等 {len(names)} 个社区" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _texts(lines: list[Line]) -> dict[int, str]:
    """One text an account: all lines for any of the appointments it holds today, each once."""
    rows = Appointment.objects.in_force(clock.today()).filter(person__user__is_active=True)
    found: dict[int | None, list[str]] = defaultdict(list)
    for held in rows.select_related("position__organisation", "person"):
        texts = found[held.person.user_id]
        texts += [line.text for line in lines if _is_for(line, held) and line.text not in texts]
    return {pk: "\n".join(texts) for pk, texts in found.items() if pk is not None and texts}


def _is_for(line: Line, held: Appointment) -> bool:
    organisation, role = held.position.organisation, held.position.role
    if line.organisation_id not in (None, organisation.pk) or (line.is_for_secretary and role != Role.SECRETARY):
        return False
    return line.right in rights_of(organisation, role)
