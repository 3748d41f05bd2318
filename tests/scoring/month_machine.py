"""Four kinds of people play whole months in any order: what hypothesis drives in `test_month_machine.py`.

The machine keeps its own small picture of every item and says before each act whether it must be allowed. A refused
act leaves no trace; after each step the stored rows break no rule.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from branches.acting import Officer
from core import clock
from core.errors import PortalError
from scoring.calc.windows import month_after
from scoring.choices import Axis, Outcome
from scoring.models import Appeal, AssessmentItem, ItemUnlock, Publication, Report, Review, Ruling, SignOff
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.proof import violations
from scoring.services.appeal import appeal_item
from scoring.services.correction import Correction, correct_publication
from scoring.services.period import close_period, reopen_period
from scoring.services.publication import publish_ranking
from scoring.services.report import save_draft, submit_items, withdraw_item
from scoring.services.review import review_item, review_items
from scoring.services.ruling import rule_item, settle_remaining
from scoring.services.sign_off import sign_off_street
from scoring.services.unlock import unlock_item
from tests.people import Town
from tests.scoring.month import at, best_entry, item_of, not_applicable, open_month, reviewer_of, secretary_of

COUNTED = (Report, Review, Ruling, Appeal, ItemUnlock, SignOff, Publication)
WIDE = Decimal(1)
# Few items, so that acts meet: 2 is a standing, 3 a standing that may not apply, 5 a flow.
ITEMS = (("fuhou", 2), ("fuhou", 3), ("jindi", 5), ("fangou", 2))
PLACES = st.sampled_from(ITEMS)
AXES = st.sampled_from([Axis.STREET, Axis.TASK_FORCE])
GIVEN = st.sampled_from(["0", "5", "7"])
HELPS = st.booleans()


@dataclass
class Seen:
    """What the machine knows of an item. Views are points, None for 不涉及, absent for none."""

    state: str = "open"
    has_draft: bool = False
    writer: int | None = None
    writers: set[int] = field(default_factory=set)
    reported: Decimal | None = None
    views: dict[str, Decimal | None] = field(default_factory=dict)
    is_ruled: bool = False
    is_appealed: bool = False
    unlocked_until: datetime | None = None

    @property
    def is_gap(self) -> bool:
        if self.is_ruled or len(self.views) < 2:
            return False
        one, other = self.views.values()
        return (one is None) != (other is None) or (one is not None and other is not None and abs(one - other) > WIDE)

    @property
    def is_provisional(self) -> bool:
        return self.state == "submitted" and not self.is_ruled and (Axis.TASK_FORCE not in self.views or self.is_gap)

    @property
    def is_settled_in_bulk(self) -> bool:
        is_claim = self.reported is None and not self.views
        return self.is_provisional and not self.is_gap and not is_claim and not self.is_appealed

    @property
    def is_lowered(self) -> bool:
        views = [points for points in self.views.values() if points is not None]
        return self.state == "submitted" and any(self.reported is None or points < self.reported for points in views)

    def start_again(self, state: str) -> None:
        """The next round, with what was reported as its draft."""
        self.state, self.has_draft, self.views = state, True, {}
        self.writers = set()


class MonthMachine(RuleBasedStateMachine):
    """`town` is set by a subclass; an example happens inside a savepoint."""

    town: Town

    @initialize(is_sent=st.booleans(), helps=HELPS)
    def begin(self, is_sent: bool, helps: bool) -> None:
        self.savepoint = transaction.savepoint()
        self.month, self.acts = at("2026-09", 25), 0
        self._open("2026-09")
        self.totals = self._counts()
        if is_sent:
            self.send_all(helps)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    # -- 村: entering, sending, taking back, objecting

    @rule(place=PLACES, helps=HELPS, is_best=st.booleans())
    def draft(self, place: tuple[str, int], helps: bool, is_best: bool) -> None:
        current, seen = self._at(place)
        entry = best_entry(current.task) if is_best else self._lower(current)
        self._draft(current, seen, self._writer(current, helps), entry)

    @rule(place=PLACES)
    def claim(self, place: tuple[str, int]) -> None:
        current, seen = self._at(place)
        if current.task.may_not_apply:
            self._draft(current, seen, self._writer(current, False), not_applicable())

    def _draft(self, current: CurrentItem, seen: Seen, actor: Officer, entry: dict[str, Any]) -> None:
        may = self._is_writable(seen) and seen.state != "submitted" and not seen.is_ruled
        version = current.item.version
        if self._try(may, lambda: save_draft(actor=actor, item=current.item, entry=entry, expected_version=version)):
            seen.has_draft, seen.writer = True, actor.person.pk

    @rule(place=PLACES, helps=HELPS)
    def submit(self, place: tuple[str, int], helps: bool) -> None:
        current, seen = self._at(place)
        actor = self._writer(current, helps)
        may = self._is_writable(seen) and seen.has_draft and seen.state != "submitted" and not seen.is_ruled
        act = self._try(
            may, lambda: submit_items(actor=actor, assessment=current.assessment, item_ids=[current.item.pk]), Report
        )
        if act:
            self._sent(seen, act[0], actor)

    @rule(helps=HELPS)
    def send_all(self, helps: bool) -> None:
        for place in ITEMS:
            current, seen = self._at(place)
            if seen.state != "submitted" and not seen.has_draft:
                self._draft(current, seen, self._writer(current, helps), best_entry(current.task))
            self.submit(place, helps)

    @rule(place=PLACES)
    def confirm_unchanged(self, place: tuple[str, int]) -> None:
        current, seen = self._at(place)
        actor = self._writer(current, False)
        is_same = current.item.prefilled_from_id is not None and not current.item.look_reason
        may = self._is_writable(seen) and seen.state != "submitted" and not seen.is_ruled
        may = may and (is_same or seen.has_draft)
        act = self._try(
            may,
            lambda: submit_items(
                actor=actor, assessment=current.assessment, confirm_unchanged_ids=[current.item.pk], item_ids=[]
            ),
            Report,
        )
        if act:
            self._sent(seen, act[0], actor)

    def _sent(self, seen: Seen, report: Report, actor: Officer) -> None:
        seen.writers = {seen.writer or actor.person.pk, actor.person.pk}
        seen.state, seen.has_draft, seen.writer, seen.reported = "submitted", False, None, report.points

    @rule(place=PLACES)
    def withdraw(self, place: tuple[str, int]) -> None:
        current, seen = self._at(place)
        actor = self._writer(current, False)
        may = self._is_writable(seen) and seen.state == "submitted" and not seen.views and not seen.is_ruled
        if self._try(may, lambda: withdraw_item(actor=actor, item=current.item)):
            self._again(current, seen, "open")

    @rule(place=PLACES)
    def appeal(self, place: tuple[str, int]) -> None:
        current, seen = self._at(place)
        may = self.state == "open" and seen.is_lowered and not seen.is_appealed and not seen.is_ruled
        actor = self._writer(current, False)
        if self._try(may, lambda: appeal_item(actor=actor, item=current.item, reason="材料已补"), Appeal):
            seen.is_appealed = True

    # -- 街道 and 专班

    @rule(place=PLACES, axis=AXES, second=st.booleans())
    def agree(self, place: tuple[str, int], axis: str, second: bool) -> None:
        _, seen = self._at(place)
        self._review(place, axis, second, Outcome.AGREE, seen.reported is not None, seen.reported)

    @rule(place=PLACES, axis=AXES, second=st.booleans(), given=GIVEN)
    def set_points(self, place: tuple[str, int], axis: str, second: bool, given: str) -> None:
        self._review(place, axis, second, Outcome.SET, True, Decimal(given))

    @rule(place=PLACES, axis=AXES)
    def confirm_claim(self, place: tuple[str, int], axis: str) -> None:
        _, seen = self._at(place)
        self._review(place, axis, False, Outcome.NOT_APPLICABLE, seen.reported is None, None)

    @rule(place=PLACES, axis=AXES)
    def send_back(self, place: tuple[str, int], axis: str) -> None:
        self._review(place, axis, False, Outcome.RETURN, True, None)

    @rule(place=PLACES, axis=AXES)
    def undo(self, place: tuple[str, int], axis: str) -> None:
        """A second view of the same axis takes the first one back."""
        _, seen = self._at(place)
        if axis in seen.views and seen.reported is not None:
            self._review(place, axis, False, Outcome.AGREE, True, seen.reported)

    def _review(
        self, place: tuple[str, int], axis: str, second: bool, outcome: str, fits: bool, points: Decimal | None
    ) -> None:
        current, seen = self._at(place)
        actor = self._reviewer(current, axis, second)
        may = self._may_review(seen, actor) and fits
        act = self._try(
            may,
            lambda: review_item(
                actor=actor, item=current.item, axis=axis, outcome=outcome, points=points, reason="见记录",
                expected_version=current.item.version,
            ),
            Review,
        )  # fmt: skip
        if act:
            self._viewed(current, actor, axis)
            seen.views[axis] = points
            if outcome == Outcome.RETURN:
                self._again(current, seen, "returned")

    @rule(axis=AXES)
    def agree_in_bulk(self, axis: str) -> None:
        for actor, found in self._by_reviewer(axis):
            fitting = [
                (current, seen)
                for current, seen in found
                if self._may_review(seen, actor) and seen.reported is not None and axis not in seen.views
            ]
            before = self.totals[Review]
            with self._clock():
                done = review_items(actor=actor, axis=axis, items=[current.item for current, _ in found]).done
            assert done == len(fitting)
            self.totals[Review] = before + done
            for current, seen in fitting:
                seen.views[axis] = seen.reported
                self._viewed(current, actor, axis)

    @rule(second=st.booleans())
    def sign_off(self, second: bool) -> None:
        actor = self.town.zhou2 if second else self.town.zhou
        may = self.state != "published" and bool(self.unsigned) and actor.person.pk not in self.unsigned
        if self._try(may, lambda: sign_off_street(actor=actor, period=self.period, street=self.town.xida), SignOff):
            self.unsigned = set()

    # -- 创建办

    @rule(place=PLACES, given=GIVEN)
    def decide(self, place: tuple[str, int], given: str) -> None:
        current, seen = self._at(place)
        act = self._try(
            self.state != "published",
            lambda: rule_item(actor=self.town.wang, item=current.item, points=given, reason="核对后认定"),
            Ruling,
        )
        seen.is_ruled |= bool(act)

    @rule()
    def settle(self) -> None:
        rest = [seen for seen in self.seen.values() if seen.is_settled_in_bulk]
        done = self._try(
            self.state != "published",
            lambda: settle_remaining(actor=self.town.wang, period=self.period, reason="按已有意见认定"),
        )
        if done is not None:
            assert done == len(rest)
            self.totals[Ruling] += done
            for seen in rest:
                seen.is_ruled = True

    @rule()
    def close(self) -> None:
        if self._try(self.state == "open", lambda: close_period(actor=self.town.wang, period=self.period)):
            self.state = "closed"

    @rule()
    def reopen(self) -> None:
        again = lambda: reopen_period(actor=self.town.wang, period=self.period, reason="漏审")  # noqa: E731
        if self._try(self.state == "closed", again):
            self.state = "open"

    @rule(place=PLACES, hours=st.integers(1, 40))
    def unlock(self, place: tuple[str, int], hours: int) -> None:
        current, seen = self._at(place)
        until = self.month + timedelta(hours=self.acts + hours)
        act = self._try(
            self.state == "closed",
            lambda: unlock_item(actor=self.town.wang, item=current.item, until=until, reason="复查"),
            ItemUnlock,
        )
        if act:
            seen.unlocked_until = max(until, seen.unlocked_until or until)

    @rule()
    def publish(self) -> None:
        waits = any(seen.is_provisional or (seen.is_appealed and not seen.is_ruled) for seen in self.seen.values())
        act = self._try(
            self.state == "closed" and not waits,
            lambda: publish_ranking(actor=self.town.wang, period=self.period),
            Publication,
        )
        if act:
            self.state = "published"

    @rule(place=PLACES, given=GIVEN, alone=st.booleans())
    def correct(self, place: tuple[str, int], given: str, alone: bool) -> None:
        current, _ = self._at(place)
        wish = [Correction(current.item, "points", Decimal(given), "台账误读")]
        second = self.town.wang if alone else self.town.wang2
        act = self._try(
            self.state == "published" and not alone,
            lambda: correct_publication(
                actor=self.town.wang, second=second, period=self.period, corrections=wish, reason="误读"
            ),
            Publication,
        )
        if act:
            self.totals[Ruling] += 1

    @rule()
    def finish(self) -> None:
        """The short way to the next month, or hypothesis would rarely see it."""
        for place, seen in self.seen.items():
            if self.state != "published" and (seen.is_appealed or seen.is_provisional):
                self.decide(place, "5")
        self.close()
        self.publish()

    @precondition(lambda self: self.state == "published" and self.period.month.month < 12)
    @rule()
    def next_month(self) -> None:
        following = month_after(self.period.month)
        self.month, self.acts = at(following, 25), 0
        self._open(f"{following:%Y-%m}")

    # -- after every step

    @invariant()
    def rows_break_no_rule(self) -> None:
        if hasattr(self, "period"):
            assert [str(one) for one in violations(self.period)] == []

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        if hasattr(self, "totals"):
            assert self._counts() == self.totals

    @invariant()
    def items_are_where_they_should_be(self) -> None:
        if hasattr(self, "seen"):
            states = {
                (code, number): state
                for code, number, state in AssessmentItem.objects.filter(assessment__period=self.period).values_list(
                    "assessment__subject__code", "task__number", "state"
                )
            }
            wrong = {
                key: (seen.state, states[getattr(self.town, key[0]).code, key[1]])
                for key, seen in self.seen.items()
                if seen.state != states[getattr(self.town, key[0]).code, key[1]]
            }
            assert wrong == {}

    # -- hands

    def _open(self, month: str) -> None:
        self.period = open_month(self.town, month)
        self.state = "open"
        self.seen = {place: Seen() for place in ITEMS}
        self.unsigned: set[int] = set()

    def _clock(self) -> AbstractContextManager[None]:
        self.acts += 1
        return clock.pinned_at(self.month + timedelta(hours=self.acts))

    def _try(self, may: bool, act: Callable[[], Any], adds: type | None = None) -> Any:
        """Do it; None when it is refused. It is refused exactly when it may not be."""
        result, refusal = self._done(act)
        assert may is (refusal is None), refusal or f"{result} was let through"
        if refusal is not None:
            return None
        if adds is not None:
            self.totals[adds] += 1
        self.period.refresh_from_db()
        return result

    def _done(self, act: Callable[[], Any]) -> tuple[Any, str | None]:
        try:
            with self._clock():
                return act(), None
        except PortalError as refused:
            return None, refused.message

    def _at(self, place: tuple[str, int]) -> tuple[CurrentItem, Seen]:
        item = item_of(self.period, getattr(self.town, place[0]), place[1])
        return current_items(AssessmentItem.objects.filter(pk=item.pk))[0], self.seen[place]

    def _writer(self, current: CurrentItem, helps: bool) -> Officer:
        if helps:
            return reviewer_of(self.town, current, Axis.STREET)
        return secretary_of(self.town, current.assessment.subject)

    def _reviewer(self, current: CurrentItem, axis: str, second: bool) -> Officer:
        first = reviewer_of(self.town, current, axis)
        return self.town.zhou2 if second and first is self.town.zhou else first

    def _by_reviewer(self, axis: str) -> list[tuple[Officer, list[tuple[CurrentItem, Seen]]]]:
        found: dict[int, tuple[Officer, list[tuple[CurrentItem, Seen]]]] = {}
        for place in ITEMS:
            current, seen = self._at(place)
            actor = self._reviewer(current, axis, False)
            found.setdefault(actor.person.pk, (actor, []))[1].append((current, seen))
        return list(found.values())

    def _viewed(self, current: CurrentItem, actor: Officer, axis: str) -> None:
        if axis == Axis.STREET and current.assessment.street_id == self.town.xida.pk:
            self.unsigned.add(actor.person.pk)

    def _again(self, current: CurrentItem, seen: Seen, state: str) -> None:
        seen.start_again(state)
        seen.writer = AssessmentItem.objects.get(pk=current.item.pk).draft_by_id

    def _may_review(self, seen: Seen, actor: Officer) -> bool:
        is_own = actor.person.pk in seen.writers
        return self._is_writable(seen) and seen.state == "submitted" and not seen.is_ruled and not is_own

    def _is_writable(self, seen: Seen) -> bool:
        now = self.month + timedelta(hours=self.acts + 1)  # when the act will happen
        is_unlocked = seen.unlocked_until is not None and seen.unlocked_until > now
        return self.state == "open" or (self.state == "closed" and is_unlocked)

    @staticmethod
    def _lower(current: CurrentItem) -> dict[str, Any]:
        """Something less than full points."""
        kind = current.task.criterion["kind"]
        value = {"level": 1} if kind == "graded" else {"points": "5.00"}
        return {"kind": "points", "value": value, "note": "有一处不足。"}

    @staticmethod
    def _counts() -> dict[type, int]:
        return {model: model.objects.count() for model in COUNTED}
