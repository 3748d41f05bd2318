"""One row of the report form in ready-made words: the template gets text, since localising numbers is most of a row's
cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from branches.acting import Officer
from core import clock
from core.fields import to_hundredths
from core.permit import Permit
from core.templatetags.portal import clock_time, moment
from core.templatetags.portal import points as plain
from scoring.calc.counted import CLAIMED, NOT_APPLICABLE
from scoring.calc.criteria import Derived, UnusableValue, is_computed, is_ruled, needs_note, points_for
from scoring.calc.frozen import FrozenTask
from scoring.calc.windows import month_before, same_window
from scoring.choices import ItemState, Outcome, ReportBasis, ReportKind, Window
from scoring.models import AssessmentItem, Report, Review
from scoring.permissions import can_appeal, can_withdraw, can_write_item
from scoring.selectors.content_items import ground_words
from scoring.selectors.current import CurrentItem
from scoring.selectors.drafts import Entry, is_from_ground, shown_entry
from scoring.selectors.on_behalf import is_on_behalf
from scoring.selectors.proposals import is_proposed

Fields = Mapping[str, str]

WINDOW_WORDS = {
    Window.STATE: "月末状态",
    Window.MONTH: "当月",
    Window.QUARTER: "当季累计",
    Window.YEAR: "本年累计",
}


@dataclass(slots=True)
class Row:
    """One item as the page shows it."""

    pk: int
    key: str
    number: int
    place: str
    title: str
    standard: str
    criterion: str
    full: str
    window: str
    star: str
    section: str
    version: int
    state: str
    is_editable: bool
    rule: Mapping[str, Any]
    fields: Fields
    is_computed: bool
    derived: str
    note: str
    needs_note: bool
    may_not_apply: bool
    is_not_applicable: bool
    hundredths: int | None
    last: str
    look_reason: str
    previous_pk: int | None
    voices: list[str]
    saved: str
    error: str
    counted: str
    can_withdraw: bool
    can_appeal: bool
    ground: str = ""
    ticket: str = ""
    is_against: bool = False
    is_untouched: bool = False
    returned: list[str] = field(default_factory=list)
    starts_star: bool = False
    star_name: str = ""
    duty: str = ""
    is_duty_past: bool = False
    star_colour: str = ""

    def __getitem__(self, name: str) -> Any:
        """Templates ask for a key first; answering at once spares them an exception a field."""
        return getattr(self, name)


# -- one row


def row_of(
    current: CurrentItem, officer: Officer, permit: Permit, typed: Mapping[int, Fields], errors: Mapping[int, str]
) -> Row:
    """The row of one item; `typed` and `errors` by item id stand where something could not be taken."""
    task, item = current.task, current.item
    is_editable = bool(permit) and bool(can_write_item(officer, current))
    section = _section_of(current, is_editable)
    is_sent = bool(permit) and current.report is not None
    shown = shown_entry(current) if is_editable else None
    fields = typed.get(item.pk, entry_fields(shown)) if is_editable else {}
    derived = derived_of(task, shown)
    return Row(
        pk=item.pk,
        key=str(item.pk),
        number=task.number,
        place=str(task.number),
        title=task.title,
        standard=task.standard,
        criterion=_rule_text(task),
        full=words(task.full),
        window=WINDOW_WORDS[Window(task.window)],
        star=task.star,
        section=section,
        version=item.version,
        state=item.state,
        is_editable=is_editable,
        rule=task.criterion,
        fields=fields,
        is_computed=is_computed(task.criterion),
        derived=derived.derivation if derived is not None else "",
        note=fields.get("note", ""),
        needs_note=needs_note(task.criterion),
        may_not_apply=task.may_not_apply,
        is_not_applicable=fields.get("kind") == ReportKind.NOT_APPLICABLE,
        hundredths=_hundredths(current, shown, derived),
        last=_last(current),
        look_reason=item.look_reason if is_editable and item.draft is None else "",
        previous_pk=item.previous_id,
        voices=_voices(current),
        saved=_saved(item, officer) if is_editable else "",
        error=errors.get(item.pk, ""),
        counted=_counted(current),
        can_withdraw=is_sent and bool(can_withdraw(officer, current)),
        can_appeal=is_sent and bool(can_appeal(officer, current)),
        **(_ground(current, section, shown) if is_editable and current.proposal is not None else {}),
    )


def _ground(current: CurrentItem, section: str, shown: Entry | None) -> dict[str, Any]:
    """What the ground yields beside the fields, and whether they say otherwise."""
    proposal = current.proposal
    assert proposal is not None
    is_against = shown is not None and not is_proposed(proposal, str(shown["kind"]), shown.get("value"))
    figure = proposal.measured.figure
    ground = f"{figure}，得 {proposal.points_words}" if is_against else figure
    return {"ground": ground, "is_against": is_against, "ticket": proposal.ticket if section == "proposed" else ""}


def _rule_text(task: FrozenTask) -> str:
    """The rule in a sentence; where its levels or items stand on the form, how they are counted is enough."""
    return _BESIDE_THE_FIELDS.get(task.criterion["kind"], task.criterion_text)


_BESIDE_THE_FIELDS = {"graded": "按所选的一档给分。", "checklist": "做到的各项分值相加。"}


def _saved(item: AssessmentItem, officer: Officer) -> str:
    """When the draft was kept, and by whom if it was somebody else."""
    if item.draft is None or item.draft_at is None:
        return ""
    is_own = item.draft_by is None or item.draft_by_id == officer.person.pk
    return f"已存 {time_words(item.draft_at)}" if is_own else f"{item.draft_by} {time_words(item.draft_at)} 已存"


def _section_of(current: CurrentItem, is_editable: bool) -> str:
    if not is_editable:
        return "sent" if current.report or current.ruling else "todo"
    if current.item.state == ItemState.RETURNED:
        return "returned"
    if current.item.draft is not None or shown_entry(current) is None:
        return "todo"
    return "proposed" if is_from_ground(current) else "unchanged"


def entry_fields(entry: Entry | None) -> dict[str, str]:
    """An entry as the fields of the form."""
    if entry is None:
        return {}
    value = entry.get("value") or {}
    return {
        "kind": str(entry.get("kind") or ""),
        **{name: _typed(name, part) for name, part in value.items()},
        "note": str(entry.get("note") or ""),
    }


def _typed(name: str, part: Any) -> str:
    """A part of a value as it is typed or ticked."""
    if isinstance(part, list):
        return ",".join(map(str, part)) or "none"
    return plain(part) if name == "points" else str(part)


def said_of(task: FrozenTask, entry: Entry) -> str:
    """An entry in words: how it leads to its points, or 不涉及, with its note."""
    derived = derived_of(task, entry)
    said = (
        derived.derivation
        if derived is not None
        else "不涉及"
        if entry["kind"] == ReportKind.NOT_APPLICABLE
        else "（空）"
    )
    return f"{said}；说明：{entry['note']}" if entry.get("note") else said


def derived_of(task: FrozenTask, shown: Entry | None) -> Derived | None:
    """The points of an entry as the report will have them; None for nothing, 不涉及 and what earns none."""
    if shown is None or shown["kind"] == ReportKind.NOT_APPLICABLE:
        return None
    try:
        return points_for(task.criterion, shown["value"], task.full_points)
    except UnusableValue:
        return None


def _hundredths(current: CurrentItem, shown: Entry | None, derived: Derived | None) -> int | None:
    """What the row adds to the running sums: counted when it is sent, else what is filled in so far."""
    if shown is None:
        return current.counted.points
    return to_hundredths(derived.points) if derived is not None else None


def _last(current: CurrentItem) -> str:
    """Last month's value beside the row, named by its window."""
    item: Any = current.item
    if item.last_kind is None:
        return ""
    month = current.assessment.period.month
    amount = None if item.last_points is None else Decimal(item.last_points).scaleb(-2)
    return f"{_last_word(current.task.window, month)}{_said(current, item.last_derivation, amount)}"


def _said(current: CurrentItem, derivation: str | None, points: Decimal | None) -> str:
    if points is None:
        return "不涉及"
    return derived_by_rule(current, derivation) or f"{plain(points)} 分"


def derived_by_rule(current: CurrentItem, derivation: str | None) -> str:
    """How a rule came to the points; where a person judges, the words say no more than the points beside them."""
    return derivation or "" if is_ruled(current.task.criterion) else ""


def _last_word(window: str, month: date) -> str:
    if window in (Window.STATE, Window.MONTH):
        return "上月报："
    span = "本季" if window == Window.QUARTER else "本年"
    if same_window(window, month_before(month), month):
        return f"{span}累计，上月报："
    return "上季度报：" if window == Window.QUARTER else "上年度报："


def _counted(current: CurrentItem) -> str:
    counted = current.counted
    if counted.kind == NOT_APPLICABLE:
        return "不涉及（已确认）"
    if counted.kind == CLAIMED:
        return "不涉及（待确认）"
    if counted.points is None:
        return ""
    return f"{words(counted.points)} 分" + ("（暂计）" if counted.is_provisional else "")


# -- what was said


def _voices(current: CurrentItem) -> list[str]:
    """The report, the reviews of this round and the ruling, a line each."""
    lines = [_report_line(current)] if current.report else []
    lines += [review_line(review) for review in (current.street, current.task_force) if review is not None]
    if current.counted.is_gap:
        lines.append("街道与专班的意见相差过大，由区创建办裁定。")
    if current.ruling is not None:
        result = f"认定 {plain(current.ruling.points)} 分" if current.ruling.points is not None else "认定不涉及"
        lines.append(f"区创建办{current.ruling.get_purpose_display()}：{result}，理由：{current.ruling.reason}")
    if current.has_appeal:
        lines.append("已申请复核，等区创建办答复。" if current.ruling is None else "已申请复核，区创建办已答复，见上。")
    return lines


def _report_line(current: CurrentItem) -> str:
    report = current.report
    assert report is not None
    said = _said(current, report.derivation, report.points)
    basis = "" if report.basis == ReportBasis.ENTERED else f"（{report.get_basis_display()}）"
    note = f"；说明：{report.note.rstrip('。')}" if report.note else ""
    if report.ground and not report.ground["followed"]:
        note += f"；{ground_words(report)}"
    return f"自评{basis}：{said}{note}。{_signed_by(current, report)} {moment(report.at)}"


def _signed_by(current: CurrentItem, report: Report) -> str:
    """Both names where somebody else typed or sent it for the community."""
    confirmer = report.confirmed_by or (current.confirmation and current.confirmation.by)
    if confirmer:
        return f"{report.entered_by.name}代填，{confirmer.name}确认"
    if is_on_behalf(current):
        return f"{report.entered_by.name}代填，待社区确认"
    return report.entered_by.name


def review_line(review: Review) -> str:
    """One review in a sentence, without the person."""
    if review.outcome == Outcome.RETURN:
        return f"{review.get_axis_display()}：退回，理由：{review.reason}"
    said = {
        Outcome.AGREE: f"同意 {plain(review.points)} 分",
        Outcome.SET: f"改为 {plain(review.points)} 分，理由：{review.reason}",
        Outcome.NOT_APPLICABLE: "确认不涉及",
    }[Outcome(review.outcome)]
    return f"{review.get_axis_display()}：{said}"


def time_words(at: datetime | None) -> str:
    """The time of day for today, with the day otherwise."""
    if at is None:
        return ""
    return clock_time(at) if timezone.localdate(at) == clock.today() else moment(at)


def words(hundredths: int) -> str:
    return plain(Decimal(hundredths).scaleb(-2))
