"""The division of labour of a community: which post answers for which task, and by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from branches.choices import Level, Role
from branches.models import Organisation, Position
from core import clock
from scoring.calc.due import due_words
from scoring.calc.frozen import FrozenTask
from scoring.calc.windows import month_after
from scoring.choices import PeriodState
from scoring.models import Period, Programme, TaskAssignment
from scoring.selectors.current import frozen_rubric
from scoring.selectors.subjects import editions_in_force

_STANDING_ROLES = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.FIRST_SECRETARY, Role.CLERK)
# Offered for a community that has not made its list yet; she changes it as she likes.
SUGGESTED_POSTS = ("组织委员", "宣传委员", "纪检委员", "党务专干", "民政专干", "网格员")


@dataclass(frozen=True, slots=True)
class Held:
    """What is in force for one task in one month."""

    post: str
    due_on: date | None

    @property
    def words(self) -> str:
        """组织委员，10月25日前; either half may be missing."""
        day = f"{self.due_on.month}月{self.due_on.day}日前" if self.due_on else ""
        return "，".join(part for part in (self.post, day) if part)

    def is_past(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One task in the table of a community."""

    key: str
    number: int
    title: str
    star: str
    colour: str
    window: str
    seen: int | None
    position_id: int | None
    post: str
    due: str
    later: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    pk: int
    label: str


@dataclass(frozen=True, slots=True)
class DutyTable:
    """All tasks of a community's edition with their duties of a month, in the order of the stars."""

    month: date
    rows: list[DutyRow]
    posts: list[Post]
    duty_titles: list[str]

    @property
    def assigned(self) -> int:
        return sum(row.position_id is not None for row in self.rows)


def held_in(organisation_id: int, month: date) -> dict[str, Held]:
    """By task key what is in force for a community in a month; one query."""
    return held_in_months(organisation_id, [month])[month]


def held_in_months(organisation_id: int, months: Collection[date]) -> dict[date, dict[str, Held]]:
    """The same for several months, still one query: what was said later holds over what was said before."""
    every = TaskAssignment.objects.filter(organisation=organisation_id).select_related("position", "key")
    rows = list(every.order_by("from_month", "revision"))
    return {month: {row.key.code: _held(row, month) for row in rows if row.from_month <= month} for month in months}


def held_by_organisation(period: Period, until: datetime | None = None) -> dict[int, dict[str, Held]]:
    """By community of the month and task key what is in force, as recorded `until` then (None: now); one query."""
    of_period = TaskAssignment.objects.filter(organisation__assessments__period=period, from_month__lte=period.month)
    seen = of_period if until is None else of_period.filter(at__lte=until)
    found: dict[int, dict[str, Held]] = defaultdict(dict)
    for row in seen.select_related("position", "key").order_by("from_month", "revision"):
        found[row.organisation_id][row.key.code] = _held(row, period.month)
    return found


def held_for(organisation_id: int, month: date, key: str) -> Held | None:
    """The same for one task."""
    rows = TaskAssignment.objects.filter(organisation=organisation_id, key__code=key).in_force(month)
    row = rows.select_related("position").first()
    return _held(row, month) if row else None


def _held(row: TaskAssignment, month: date) -> Held:
    return Held(row.position.label if row.position else "", row.due_on(month))


def first_month_to_assign(programme: Programme) -> date:
    """The oldest month that is not published yet, else the present one."""
    waiting = Period.objects.filter(programme=programme).exclude(state=PeriodState.PUBLISHED)
    present = clock.today().replace(day=1)
    return min(present, waiting.order_by("month").values_list("month", flat=True).first() or present)


def months_to_assign(programme: Programme) -> list[date]:
    """From the oldest month in hand to the second one ahead."""
    months = [first_month_to_assign(programme)]
    last = month_after(month_after(clock.today().replace(day=1)))
    while months[-1] < last:
        months.append(month_after(months[-1]))
    return months


def present_programme() -> Programme | None:
    """The real programme."""
    return Programme.objects.filter(is_practice=False).order_by("pk").first()


def duty_table(
    organisation: Organisation,
    programme: Programme,
    month: date,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> DutyTable:
    """The table of a community for a month; no rows where no edition is in force.

    `typed` (post, due) and `errors` by task key bring back what could not be taken.
    """
    edition = editions_in_force(programme, month).get(_track(organisation, month))
    every = TaskAssignment.objects.filter(organisation=organisation, key__programme=programme)
    known = list(every.select_related("position", "key").order_by("from_month", "revision"))
    held = {row.key.code: row for row in known if row.from_month <= month}
    later = {row.key.code: row for row in reversed(known) if row.from_month > month}
    positions = list(Position.objects.filter(organisation=organisation).order_by("pk"))
    rows: list[DutyRow] = []
    if edition is not None:
        for star in frozen_rubric(edition.sha256).stars:
            rows += [_row(task, star.name, star.colour, held, later) for task in star.tasks]
    rows = [_with_typed(row, (typed or {}).get(row.key), (errors or {}).get(row.key, "")) for row in rows]
    titles = [one.title for one in positions if one.role == Role.DUTY and one.closed_on is None]
    return DutyTable(month, rows, _posts(positions, held.values()), titles)


def _row(
    task: FrozenTask, star: str, colour: str, held: dict[str, TaskAssignment], later: dict[str, TaskAssignment]
) -> DutyRow:
    row, following = held.get(task.key), later.get(task.key)
    return DutyRow(
        key=task.key,
        number=task.number,
        title=task.title,
        star=star,
        colour=colour,
        window=task.window,
        seen=row.pk if row else None,
        position_id=row.position_id if row else None,
        post=row.position.label if row and row.position else "",
        due=due_words(row.due_day, row.is_due_next_month) if row else "",
        later=f"{following.from_month.year}年{following.from_month.month}月起另有安排" if following else "",
    )


def _with_typed(row: DutyRow, fields: Mapping[str, str] | None, error: str) -> DutyRow:
    if fields is None:
        return row
    post = fields.get("post", "")
    return replace(
        row,
        position_id=int(post) if post.isascii() and post.isdecimal() else None,
        due=fields.get("due", "")[:20],
        error=error,
    )


def _posts(positions: list[Position], held: Iterable[TaskAssignment]) -> list[Post]:
    """Posts that may be chosen: roles of the branch, its own titles, and closed ones that still hold a task."""
    in_use = {row.position_id for row in held}
    roles = sorted((one for one in positions if one.role in _STANDING_ROLES), key=_rank)
    own = [one for one in positions if one.role == Role.DUTY]
    return [
        Post(one.pk, one.label + ("（已停用）" if one.closed_on else ""))
        for one in (*roles, *own)
        if one.closed_on is None or one.pk in in_use
    ]


def _rank(position: Position) -> int:
    return _STANDING_ROLES.index(Role(position.role))


def _track(organisation: Organisation, month: date) -> str:
    """The community's track in that month; today's once it has one later."""
    day = min(max(clock.today(), month), month_after(month) - timedelta(days=1))
    row = Organisation.objects.as_of(day).filter(pk=organisation.pk, level=Level.COMMUNITY).first()
    return row.track if row is not None else ""
