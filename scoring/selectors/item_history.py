"""Everything that was said of one item, in the order it was said: rounds, both axes, rulings, appeal, unlocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from branches.calc.titles import post_title
from branches.models import Appointment
from core.templatetags.portal import full_day as day
from core.templatetags.portal import moment
from core.templatetags.portal import points as plain
from scoring.choices import Axis, Outcome, ReportBasis, ReviewBasis
from scoring.models import Appeal, Confirmation, ItemUnlock, Report, Review, Ruling, SpotCheckResult
from scoring.selectors.content_items import ground_words
from scoring.selectors.current import CurrentItem
from scoring.selectors.explain import organisation_names
from scoring.selectors.on_behalf import is_on_behalf


@dataclass(frozen=True, slots=True)
class Event:
    """One act: `old` is the value in force before it when it changed that value to `new`."""

    at: datetime
    title: str
    old: str
    new: str
    text: str
    note: str
    who: str
    round: int | None


@dataclass(frozen=True, slots=True)
class History:
    """The events, and what the organisations that acted are called at the end of the month, by id."""

    events: list[Event]
    organisations: dict[int, str]


Act = Report | Confirmation | Review | Ruling | Appeal | ItemUnlock | SpotCheckResult


def item_history(current: CurrentItem) -> History:
    """The events of an item, oldest first; what the item at hand already holds is not fetched again."""
    item = current.item
    acts: list[Act] = [*_stated(current), *current.rulings]
    if current.has_appeal:
        acts += Appeal.objects.filter(item=item).select_related("asked_by", "appointment__position")
    if current.unlocked_until:
        acts += ItemUnlock.objects.filter(item=item).select_related("by", "appointment__position")
    if getattr(item, "is_spot_checked", True):
        acts += SpotCheckResult.objects.filter(drawn__item=item).select_related("checked_by", "appointment__position")
    acts.sort(key=lambda act: (act.at, getattr(act, "round", item.round), _order(act)))
    ids = {act.appointment.position.organisation_id for act in acts}
    names = organisation_names(ids, item.assessment.period.last_day)
    events, before = [], ""
    for act in acts:
        event = _event(act, before, _post(names, act.appointment))
        before = event.new or before
        events.append(event)
    return History(events, names)


def _stated(current: CurrentItem) -> list[Report | Confirmation | Review]:
    """Reports and reviews of all rounds; before a second round or view the item at hand holds them all."""
    seen = [one for one in (current.street, current.task_force) if one is not None]
    if current.item.round == 1 and all(number == 1 for number in current.revisions.values()):
        return [current.report, *_confirmed(current), *seen] if current.report is not None else []
    reports = current.item.reports.select_related(
        *("entered_by", "confirmed_by", "appointment__position"),
        *("confirmation__by", "confirmation__appointment__position"),
    )
    return [
        *reports,
        *(report.confirmation for report in reports if hasattr(report, "confirmation")),
        *current.item.reviews.select_related("reviewer", "appointment__position"),
    ]


def _confirmed(current: CurrentItem) -> Iterable[Confirmation]:
    """The community's word on the one report, which only one sent on behalf can have."""
    if not is_on_behalf(current):
        return ()
    found = Confirmation.objects.filter(report=current.report)
    return found.select_related("by", "report", "appointment__position")


def _post(names: dict[int, str], held: Appointment) -> str:
    return post_title(names.get(held.position.organisation_id, ""), held.position.get_role_display())


def _order(act: Act) -> int:
    return (Report, Confirmation, SpotCheckResult, Review, Appeal, Ruling, ItemUnlock).index(type(act))


def _event(act: Act, before: str, position: str) -> Event:
    title, new, text, note, who, round_ = _parts(act)
    old = before if new and before and before != new else ""
    return Event(act.at, title, old, new, text, note, f"{position} {who}", round_)


def _parts(act: Act) -> tuple[str, str, str, str, str, int | None]:
    """Title, value, text, note, who and round of an act."""
    if isinstance(act, Report):
        return _report(act)
    if isinstance(act, Confirmation):
        return "社区确认代填", "", "", "", act.by.name, act.report.round
    if isinstance(act, Review):
        return _review(act)
    if isinstance(act, Ruling):
        who = f"{act.by.name}、{act.second_by.name}" if act.second_by else act.by.name
        document = f"文号：{act.document_no}" if act.document_no else ""
        return f"区创建办{act.get_purpose_display()}", _value(act.points), f"理由：{act.reason}", document, who, None
    if isinstance(act, Appeal):
        return "社区申请复核", "", f"理由：{act.reason}", "", act.asked_by.name, act.round
    if isinstance(act, SpotCheckResult):
        title = f"{ReviewBasis.SPOT_CHECK.label}：{act.get_result_display()}"
        return title, "", act.text, "", act.checked_by.name, act.round
    return "限时解锁", "", f"至 {moment(act.expires_at)}。理由：{act.reason}", "", act.by.name, None


_REPORTED = {ReportBasis.UNCHANGED: "确认与上月一致", ReportBasis.PROPOSED: "确认底数推出的得分"}


def _report(report: Report) -> tuple[str, str, str, str, str, int | None]:
    title = _REPORTED.get(ReportBasis(report.basis), "报送自评")
    who = report.entered_by.name
    if report.confirmed_by is not None:
        who = f"{report.confirmed_by.name}（{who}代填）"
    notes = [f"说明：{report.note}" if report.note else "", ground_words(report)]
    note = "；".join(part for part in notes if part)
    if report.form_number and report.filled_on:
        paper = f"据纸质表 {report.form_number} 录入，表上日期 {day(report.filled_on)}"
        note = f"{note}；{paper}" if note else paper
    return title, _value(report.points), report.derivation, note, who, report.round


def _review(review: Review) -> tuple[str, str, str, str, str, int | None]:
    axis = Axis(review.axis).label
    text = f"理由：{review.reason}" if review.reason else ""
    note = "" if review.basis == ReviewBasis.CHECKED else ReviewBasis(review.basis).label
    value = "" if review.outcome in (Outcome.RETURN, Outcome.WITHDRAWN) else _value(review.points)
    title = f"{axis}：{Outcome(review.outcome).label}"
    return title, value, text, note, review.reviewer.name, review.round


def _value(points: Decimal | None) -> str:
    return "不涉及" if points is None else f"{plain(points)} 分"
