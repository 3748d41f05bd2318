"""Who did what when: reviews, signatures, appeals, rulings and unlocks against each other. Rules 5 to 8."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from branches.choices import Right
from branches.rights import rights_of
from scoring.choices import Axis, Outcome, ReportKind, RulingPurpose
from scoring.models import Appeal, ItemUnlock, Report, Review, Ruling, SignOff
from scoring.selectors.current import CurrentItem
from scoring.selectors.proof.entries import Span, closed_times
from scoring.selectors.proof.rows import MonthRows, place_of, standing_returns
from scoring.selectors.proof.words import Violation

Breach = tuple[int, str]
LONGEST_UNLOCK_DAYS = 7


def act_checks(rows: MonthRows) -> Iterator[Violation]:
    closed = closed_times(rows.period)
    for current in rows.current:
        for rule, what in _item(current, rows, closed):
            yield Violation(rule, place_of(current), what)
    for sign_off in rows.sign_offs:
        for what in _sign_off(sign_off, rows):
            yield Violation(5, f"第{sign_off.number}次审签", what)


def _item(current: CurrentItem, rows: MonthRows, closed: list[Span]) -> Iterator[Breach]:
    pk = current.item.pk
    reports = {report.round: report for report in rows.reports[pk]}
    reviews, rulings, unlocks = rows.reviews[pk], rows.rulings[pk], rows.unlocks[pk]
    for review in reviews:
        for rule, what in _review(current, review, reports.get(review.round)):
            yield rule, f"第{review.round}轮{review.get_axis_display()}{what}"
    yield from _order(current, reviews)
    yield from _rulings(rulings, rows)
    for appeal in rows.appeals[pk]:
        yield from _appeal(current, appeal, reviews, reports, bool(rulings), rows)
    yield from _times([*reports.values(), *reviews], unlocks, closed, rows)
    for unlock in unlocks:
        yield from _unlock(unlock, rows)


# -- reviews


def _review(current: CurrentItem, review: Review, report: Report | None) -> Iterator[Breach]:
    if report is None:
        yield 5, "时该轮没有自评"
        return
    writers = {report.entered_by_id, report.confirmed_by_id, report.appointment.person_id}
    if review.reviewer_id in writers or review.appointment.person_id in writers:
        yield 5, "由填报人自己办理"
    if review.reported_by_id != report.entered_by_id:
        yield 5, "所记填报人与自评不符"
    if review.at < report.at:
        yield 5, "早于自评"
    if not _is_theirs(current, review, report):
        yield 11, "不是由负责的街道或专班办理"
    if review.outcome == Outcome.AGREE and (report.kind != ReportKind.POINTS or review.points != report.points):
        yield 6, "为同意，分值却与自评不同"
    if review.outcome == Outcome.NOT_APPLICABLE and report.kind != ReportKind.NOT_APPLICABLE:
        yield 4, "确认不涉及，自评却不是不涉及"
    if review.outcome in (Outcome.SET, Outcome.RETURN) and not review.reason:
        yield 5, "改分或退回没有理由"


def _is_theirs(current: CurrentItem, review: Review, report: Report) -> bool:
    own = review.appointment.position.organisation_id
    if review.axis == Axis.TASK_FORCE:
        return own == current.task_force_id
    street = current.assessment.street_id
    return own == street or report.appointment.position.organisation_id == street


def _order(current: CurrentItem, reviews: list[Review]) -> Iterator[Breach]:
    """Revisions count up; a return that stands is the last word of its round, and a round with views that stand ended
    by a return alone."""
    returns = standing_returns(reviews)
    for (number, _), group in groupby(reviews, key=lambda review: (review.round, review.axis)):
        revisions = [review.revision for review in group]
        if revisions != list(range(1, len(revisions) + 1)):
            yield 5, f"第{number}轮的审核次序不连续"
    for number, group in groupby(reviews, key=lambda review: review.round):
        said = sorted(group, key=lambda review: review.pk)
        is_returned = [review.pk in returns for review in said]
        newest = {review.axis: review for review in said}.values()
        is_silent = all(review.outcome == Outcome.WITHDRAWN for review in newest)
        is_over = number < current.item.round and not is_silent
        if True in is_returned[:-1] or is_returned[-1] is not is_over:
            yield 5, f"第{number}轮在退回之后还有审核，或有审核却未经退回就重开"


# -- decisions


def _rulings(rulings: list[Ruling], rows: MonthRows) -> Iterator[Breach]:
    if [ruling.number for ruling in rulings] != list(range(1, len(rulings) + 1)):
        yield 6, "最终认定的次序不连续"
    published = {publication.number for publication in rows.publications}
    for ruling in rulings:
        if not ruling.reason:
            yield 6, "最终认定没有理由"
        if not _directs(ruling):
            yield 11, "最终认定不是由区创建办办理"
        if ruling.publication_number == 1 and ruling.second_by_id is not None:
            yield 8, "公布前的认定记了第二人"
        if ruling.publication_number > 1:
            yield from _correction(ruling, published)
        elif rows.first_publication and ruling.at > rows.first_publication.at:
            yield 8, "公布之后还有不作为更正的认定"


def _correction(ruling: Ruling, published: set[int]) -> Iterator[Breach]:
    if ruling.second_by_id is None or ruling.second_by_id == ruling.by_id:
        yield 8, "更正没有由两人办理"
    if ruling.purpose != RulingPurpose.CORRECTION:
        yield 8, "更正所记的性质不是更正"
    if ruling.publication_number not in published:
        yield 8, f"更正了不存在的第{ruling.publication_number}次公布"


def _directs(ruling: Ruling) -> bool:
    position = ruling.appointment.position
    return Right.DIRECT in rights_of(position.organisation, position.role)


def _appeal(
    current: CurrentItem, appeal: Appeal, reviews: list[Review], reports: dict[int, Report], is_ruled: bool,
    rows: MonthRows,
) -> Iterator[Breach]:  # fmt: skip
    if appeal.appointment.position.organisation_id != current.assessment.subject_id:
        yield 5, "复核申请不是由本社区提出"
    report = reports.get(appeal.round)
    before = [review for review in reviews if review.round == appeal.round and review.at <= appeal.at]
    if report is None or not any(_lowers(review, report) for review in before):
        yield 5, "申请复核时没有被审核降分"
    if rows.publications and not is_ruled:
        yield 8, "复核申请没有答复就已公布"


def _lowers(review: Review, report: Report) -> bool:
    return review.points is not None and (report.points is None or review.points < report.points)


# -- times


def _times(
    acts: list[Report | Review], unlocks: list[ItemUnlock], closed: list[Span], rows: MonthRows
) -> Iterator[Breach]:
    for act in acts:
        name = f"第{act.round}轮{act._meta.verbose_name}"
        if rows.first_publication and act.at > rows.first_publication.at:
            yield 8, f"{name}晚于公布"
        is_closed = any(start < act.at and (end is None or act.at < end) for start, end in closed)
        if is_closed and not any(unlock.at <= act.at < unlock.expires_at for unlock in unlocks):
            yield 7, f"{name}在关闭期间办理，当时没有解锁"


def _unlock(unlock: ItemUnlock, rows: MonthRows) -> Iterator[Breach]:
    if not 0 < (unlock.expires_at - unlock.at).total_seconds() <= LONGEST_UNLOCK_DAYS * 86_400:
        yield 7, "限时解锁的期限不在七天之内"
    if rows.first_publication and unlock.at > rows.first_publication.at:
        yield 7, "公布之后还有解锁"


# -- signatures


def _sign_off(sign_off: SignOff, rows: MonthRows) -> Iterator[str]:
    """A signature covers what the street reviewed since the one before, by somebody who reviewed none of it."""
    of_street = [one for one in rows.sign_offs if one.street_id == sign_off.street_id]
    if [one.number for one in of_street] != list(range(1, len(of_street) + 1)):
        yield "次序不连续"
    before = max((one.last_review_id for one in of_street if one.number < sign_off.number), default=0)
    batch = [
        review
        for reviews in rows.reviews.values()
        for review in reviews
        if review.axis == Axis.STREET
        and rows.by_id[review.item_id].assessment.street_id == sign_off.street_id
        and before < review.pk <= sign_off.last_review_id
    ]
    if len(batch) != sign_off.reviews:
        yield f"记了{sign_off.reviews}条审核，实有{len(batch)}条"
    if any(review.reviewer_id == sign_off.signed_by_id for review in batch):
        yield "由审核人自己审签"
