"""Plays a sample month through the services: reports, reviews on both axes, returns, gaps, rulings, publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import F

from branches.acting import Officer
from core import clock
from scoring.calc.frozen import FrozenRubric
from scoring.choices import Axis, ItemState, Outcome, ReportKind, ReviewBasis
from scoring.models import Assessment, AssessmentItem, Period, Publication, Report, Review
from scoring.selectors.current import CurrentItem, current_items, frozen_rubrics, serving_task_force
from scoring.selectors.proposals import looked_at_on
from scoring.services.appeal import appeal_item
from scoring.services.drafts import follow_ground
from scoring.services.period import close_period
from scoring.services.publication import publish_ranking
from scoring.services.report import submit_items
from scoring.services.review import review_item, review_items
from scoring.services.ruling import rule_item, settle_remaining
from scoring.services.sign_off import sign_off_street
from weidu_portal.demo.calendar import MonthCalendar
from weidu_portal.demo.cast import Cast
from weidu_portal.demo.grounded import Fixed, balanced, choice_of, fixed_by_ground, for_entry
from weidu_portal.demo.quality import Choice, Performance, choices_of
from weidu_portal.demo.words import DISPUTED, LOWERED, NOTES, OUT_NOTE, RETURNED, RULED

GAP = 150  # hundredths by which the task force's view falls short of the street's


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of items that need more than a nod."""

    lowered: float = 0.02
    returned: float = 0.008
    gap: float = 0.004
    late: float = 0.05
    helped: float = 0.0  # communities for which the street enters


@dataclass(slots=True)
class Plan:
    """What will happen to the items of a month beyond agreement, by item id."""

    reported: dict[int, Choice] = field(default_factory=dict)
    final: dict[int, Choice] = field(default_factory=dict)
    out: set[int] = field(default_factory=set)
    lowered: set[int] = field(default_factory=set)
    returned: set[int] = field(default_factory=set)
    gap: set[int] = field(default_factory=set)


class MonthPlayer:
    """One month of one programme; every act goes through a service at its moment."""

    def __init__(self, period: Period, cast: Cast, performances: dict[str, Performance], random: Random, rates: Rates,
                 calendar: MonthCalendar | None = None):  # fmt: skip
        self.period, self.cast, self.random, self.rates = period, cast, random, rates
        self.calendar = calendar or MonthCalendar(period.month, clock.now())
        self.assessments = list(
            period.assessments.select_related("subject", "street", "period", "rubric").order_by("subject__code")
        )
        self.rubrics = frozen_rubrics({one.rubric_id for one in self.assessments})
        self.items: dict[int, list[AssessmentItem]] = defaultdict(list)
        rows = AssessmentItem.objects.filter(assessment__period=period)
        for item in (
            rows.annotate(force=serving_task_force()).select_related("task", "prefilled_from").order_by("task__number")
        ):
            self.items[item.assessment_id].append(item)
        self.plan = Plan()
        self._seen_on: dict[date, dict[int, CurrentItem]] = {}
        self.fixed = fixed_by_ground(period)
        for assessment in self.assessments:
            self._plan(assessment, performances[assessment.subject.code])
        self.helped = self._helped()
        self._keep_what_is_sent()

    def play(self) -> Publication:
        """The whole month, to its publication."""
        self.report(self.assessments, first=-4, last=2.6, late_until=3.6)
        self.review_streets(self.assessments, 4, 5.5)
        self.review_task_forces(self.assessments, 6, 8.5)
        self.decide()
        return self.publish()

    def begin(self, sent: list[Assessment], *, opened_at: datetime) -> None:
        """A month that has only begun: these communities have sent, half of the streets and one task force reviewed."""
        room = clock.now() - opened_at
        with clock.pinned_at(opened_at + room * 0.4):
            for assessment in sent:
                self._submit(assessment, self.items[assessment.pk])
        with clock.pinned_at(opened_at + room * 0.6):
            reviewed = [one for one in sent if int(one.street.code[-1]) % 2]
            for code in sorted({one.street.code for one in reviewed}):
                rows = [one for one in reviewed if one.street.code == code]
                self._send_back(self.cast.street(code), rows)
                self._review(self.cast.street(code), Axis.STREET, rows)
        with clock.pinned_at(opened_at + room * 0.8):
            self._review(self.cast.task_forces()[0], Axis.TASK_FORCE, reviewed)

    def report(self, assessments: Iterable[Assessment], *, first: float, last: float, late_until: float) -> None:
        """Communities send their month, each at a moment of her own."""
        rows = list(assessments)
        late = set(self.random.sample([one.pk for one in rows], int(len(rows) * self.rates.late)))
        moments = {
            one.pk: self.calendar.some(self.random, last, late_until)
            if one.pk in late
            else self.calendar.some(self.random, first, last)
            for one in rows
        }
        for assessment in sorted(rows, key=lambda one: moments[one.pk]):
            with clock.pinned_at(moments[assessment.pk]):
                self._submit(assessment, self.items[assessment.pk])

    def review_streets(self, assessments: Iterable[Assessment], first: float, last: float) -> None:
        """Each street returns, lowers and agrees; somebody else signs; returned items come again."""
        by_street: dict[str, list[Assessment]] = defaultdict(list)
        for assessment in assessments:
            by_street[assessment.street.code].append(assessment)
        for code, rows in sorted(by_street.items()):
            officer = self.cast.street(code)
            with clock.pinned_at(self.calendar.some(self.random, first, last)):
                self._return(officer, rows)
                self._review(officer, Axis.STREET, rows)
                sign_off_street(actor=self.cast.street(code, second=True), period=self.period, street=rows[0].street)

    def review_task_forces(self, assessments: Iterable[Assessment], first: float, last: float) -> None:
        """Each task force works through its stars."""
        rows = list(assessments)
        for officer in self.cast.task_forces():
            with clock.pinned_at(self.calendar.some(self.random, first, last)):
                self._review(officer, Axis.TASK_FORCE, rows)

    def decide(self) -> None:
        """Two communities ask for a second look; the office rules gaps and appeals and settles the rest."""
        lowered = sorted(self.plan.lowered)
        appealed = self.random.sample(lowered, min(2, len(lowered)))
        by_id = {item.pk: (assessment, item) for assessment, item in self._all()}
        for pk in appealed:
            assessment, item = by_id[pk]
            with clock.pinned_at(self.calendar.at(9)):
                appeal_item(
                    actor=self.cast.community(assessment.subject.code), item=item, reason="材料已补齐，请再看一次。"
                )
        with clock.pinned_at(self.calendar.at(10)):
            for pk in sorted(self._gaps().union(appealed)):
                points = Decimal(self.plan.final[pk].points).scaleb(-2)
                rule_item(actor=self.cast.office(), item=by_id[pk][1], points=points, reason=self.random.choice(RULED))
            settle_remaining(actor=self.cast.office(), period=self.period, reason="核对后按现有意见认定。")

    def _gaps(self) -> set[int]:
        """Items whose axes lie apart now: those planned so, and in a month under way what others left so."""
        found = current_items(AssessmentItem.objects.filter(assessment__period=self.period))
        return {one.item.pk for one in found if one.counted.is_gap}

    def publish(self) -> Publication:
        with clock.pinned_at(self.calendar.at(11.5)):
            close_period(actor=self.cast.office(), period=self.period)
            return publish_ranking(actor=self.cast.office(), period=self.period)

    # ---- what will happen

    def _all(self) -> Iterable[tuple[Assessment, AssessmentItem]]:
        return ((assessment, item) for assessment in self.assessments for item in self.items[assessment.pk])

    def _plan(self, assessment: Assessment, performance: Performance) -> None:
        rubric, fixed = self.rubrics[assessment.rubric_id], self.fixed.get(assessment.pk, {})
        performance = balanced(rubric, performance, fixed, self.random)
        for item in self.items[assessment.pk]:
            self._plan_item(item, rubric, performance, fixed)

    def _plan_item(self, item: AssessmentItem, rubric: FrozenRubric, performance: Performance, fixed: Fixed) -> None:
        number, plan = item.task.number, self.plan
        ladder = choices_of(rubric.tasks[number])
        final = choice_of(fixed[number]) if number in fixed else ladder[performance.chosen[number]]
        above = [choice for choice in ladder if choice.points > final.points]
        plan.final[item.pk] = plan.reported[item.pk] = final
        if number in performance.out:
            plan.out.add(item.pk)
            return
        chance = self.random.random()
        rates = self.rates
        if chance < rates.lowered and above:
            plan.lowered.add(item.pk)
            plan.reported[item.pk] = above[-1]
        elif chance < rates.lowered + rates.returned:
            plan.returned.add(item.pk)
        elif chance > 1 - rates.gap and final.points >= GAP:
            plan.gap.add(item.pk)

    def _helped(self) -> set[int]:
        if not self.rates.helped:
            return set()
        count = max(1, int(len(self.assessments) * self.rates.helped))
        return set(self.random.sample([one.pk for one in self.assessments], min(count, len(self.assessments))))

    def _keep_what_is_sent(self) -> None:
        """In a month under way what was reported stays as it is, and its claims are confirmed."""
        sent = {item.pk for _, item in self._all() if item.state == ItemState.SUBMITTED}
        claims = Report.objects.filter(item__in=sent, round=F("item__round"), kind=ReportKind.NOT_APPLICABLE)
        plan = self.plan
        plan.lowered, plan.returned, plan.gap = plan.lowered - sent, plan.returned - sent, plan.gap - sent
        plan.out = (plan.out - sent) | set(claims.values_list("item_id", flat=True))

    # ---- acts

    def _writer(self, assessment: Assessment) -> Officer:
        """The community's secretary; for some the street's second person enters."""
        if assessment.pk in self.helped:
            return self.cast.street(assessment.street.code, second=True)
        return self.cast.community(assessment.subject.code)

    def _submit(self, assessment: Assessment, items: list[AssessmentItem]) -> None:
        actor = self._writer(assessment)
        items = [item for item in items if item.state != ItemState.SUBMITTED]
        if not items:
            return
        shown = self._shown(items)
        unchanged = [pk for pk, current in shown.items() if self._is_unchanged(current.item)]
        proposed = {
            pk: current.proposal.ticket
            for pk, current in shown.items()
            if current.proposal is not None and pk not in self.plan.lowered and pk not in unchanged
        }
        self._go_with(shown[pk] for pk in proposed)
        typed = [item for item in items if item.pk not in unchanged and item.pk not in proposed]
        for item in typed:
            item.draft = self._draft(item, is_disputed=shown[item.pk].proposal is not None)
        AssessmentItem.objects.bulk_update(typed, ["draft"])
        rows = AssessmentItem.objects.filter(pk__in=[item.pk for item in typed])
        rows.update(draft_by=actor.person, draft_at=clock.now())
        submit_items(
            actor=actor,
            assessment=assessment,
            item_ids=[item.pk for item in typed],
            confirm_unchanged_ids=unchanged,
            confirm_proposed=proposed,
        )

    def _shown(self, items: list[AssessmentItem]) -> dict[int, CurrentItem]:
        """Open items as their community sees them now: asked once a day for all communities."""
        day = looked_at_on(self.period.ends_on)
        if day not in self._seen_on:
            self._seen_on[day] = for_entry(item for _, item in self._all())
        return {item.pk: self._seen_on[day][item.pk] for item in items}

    def _go_with(self, followed: Iterable[CurrentItem]) -> None:
        """What is sent as the ground yields it on its day decides whether 不涉及 is to be confirmed."""
        for current in followed:
            assert current.proposal is not None
            is_out = current.proposal.proposed.points is None
            (self.plan.out.add if is_out else self.plan.out.discard)(current.item.pk)

    def _is_unchanged(self, item: AssessmentItem) -> bool:
        last = item.prefilled_from
        return (
            last is not None
            and not item.look_reason
            and item.pk not in self.plan.out
            and last.value == self.plan.reported[item.pk].value
        )

    def _draft(self, item: AssessmentItem, *, is_disputed: bool = False) -> dict[str, object]:
        if item.pk in self.plan.out:
            return {"kind": "not_applicable", "value": {}, "note": OUT_NOTE}
        note = self.random.choice(NOTES) if item.task.criterion["kind"] == "judged" else ""
        note = self.random.choice(DISPUTED) if is_disputed else note
        return {"kind": "points", "value": self.plan.reported[item.pk].value, "note": note}

    def _return(self, officer: Officer, assessments: list[Assessment]) -> None:
        """Send some items back; the communities answer at once."""
        by_id = {assessment.pk: assessment for assessment in assessments}
        for pk, back in self._send_back(officer, assessments).items():
            followed = [current for current in for_entry(back).values() if current.proposal is not None]
            self._go_with(followed)
            for current in followed:
                follow_ground(actor=self._writer(by_id[pk]), item=current.item, expected_version=None)
            submit_items(
                actor=self._writer(by_id[pk]),
                assessment=by_id[pk],
                item_ids=[item.pk for item in back],
            )

    def _send_back(self, officer: Officer, assessments: list[Assessment]) -> dict[int, list[AssessmentItem]]:
        found: dict[int, list[AssessmentItem]] = defaultdict(list)
        for assessment in assessments:
            for item in self.items[assessment.pk]:
                if item.pk in self.plan.returned:
                    reason = self.random.choice(RETURNED)
                    review_item(actor=officer, item=item, axis=Axis.STREET, outcome=Outcome.RETURN, reason=reason)
                    found[assessment.pk].append(item)
        return found

    def _review(self, officer: Officer, axis: Axis, assessments: list[Assessment]) -> None:
        own = officer.organisation.pk
        for assessment in assessments:
            for item in self.items[assessment.pk]:
                if axis == Axis.TASK_FORCE and not self._serves(own, item):
                    continue
                self._review_single(officer, axis, item)
        items = AssessmentItem.objects.filter(assessment__in=assessments)
        if axis == Axis.TASK_FORCE:
            items = items.filter(pk__in=list(self._served(own, assessments)))
        unchanged = items.filter(reports__basis="unchanged")
        review_items(actor=officer, axis=axis, items=unchanged, basis=ReviewBasis.AS_LAST_MONTH)
        seen = Review.objects.filter(item__assessment__period=self.period, item__round=F("round"), axis=axis)
        review_items(
            actor=officer, axis=axis, items=items.exclude(pk__in=seen.values("item")), basis=ReviewBasis.CHECKED
        )

    def _review_single(self, officer: Officer, axis: Axis, item: AssessmentItem) -> None:
        plan = self.plan
        if item.pk in plan.out:
            review_item(actor=officer, item=item, axis=axis, outcome=Outcome.NOT_APPLICABLE)
        elif item.pk in plan.lowered:
            self._set(officer, axis, item, plan.final[item.pk].points)
        elif item.pk in plan.gap and axis == Axis.TASK_FORCE:
            self._set(officer, axis, item, plan.reported[item.pk].points - GAP)

    def _set(self, officer: Officer, axis: Axis, item: AssessmentItem, points: int) -> None:
        review_item(
            actor=officer,
            item=item,
            axis=axis,
            outcome=Outcome.SET,
            points=Decimal(points).scaleb(-2),
            reason=self.random.choice(LOWERED),
        )

    def _served(self, task_force_id: int, assessments: list[Assessment]) -> Iterable[int]:
        for assessment in assessments:
            for item in self.items[assessment.pk]:
                if self._serves(task_force_id, item):
                    yield item.pk

    @staticmethod
    def _serves(task_force_id: int, item: Any) -> bool:
        return bool(item.force == task_force_id)
