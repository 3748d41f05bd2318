"""Who sees and may do what in the month: the three names, asked by pages, API, exports and jobs alike.

Reading follows today's chain or the street frozen at opening; a task force reads the items of its stars. Acting
follows the appointment the officer acts in. Rules 5, 7 and 11 of the month.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q
from django.http import Http404

from branches.acting import Officer
from branches.choices import Level, OrganisationKind, Right
from branches.models import Organisation
from branches.permissions import has_right, ids_under, organisations_with
from core.models import User
from core.permit import ALLOWED, Permit, refused
from scoring.choices import Axis, ItemState, PeriodState, RubricState
from scoring.models import (
    Assessment,
    AssessmentItem,
    CorrectionProposal,
    Evidence,
    EvidenceLink,
    Period,
    Publication,
    Rating,
    Rubric,
    SpotCheck,
    SpotCheckItem,
    StarResponsibility,
)

if TYPE_CHECKING:
    from scoring.models.evidence import EvidenceQuerySet
    from scoring.models.item import AssessmentItemQuerySet
    from scoring.models.period import AssessmentQuerySet, PeriodQuerySet
    from scoring.models.result import PublicationQuerySet, RatingQuerySet
    from scoring.models.rubric import RubricQuerySet
    from scoring.models.spot_check import SpotCheckQuerySet
    from scoring.selectors.current import CurrentItem

Found = TypeVar("Found")
_TAKING_PART = (Right.DIRECT, Right.READ, Right.REPORT, Right.REVIEW_PLACE, Right.REVIEW_THEME)

SPOT_CHECKING = (Right.REVIEW_THEME, Right.REVIEW_PLACE, Right.DIRECT)


def takes_part(user: User) -> bool:
    """Whether the account sees the programme at all; administrators do not."""
    return any(has_right(user, right) for right in _TAKING_PART)


# ---- rows


def visible_rubrics(rubrics: RubricQuerySet, user: User) -> RubricQuerySet:
    if has_right(user, Right.DIRECT):
        return rubrics
    return rubrics.filter(state=RubricState.PUBLISHED) if takes_part(user) else rubrics.none()


def visible_periods(periods: PeriodQuerySet, user: User) -> PeriodQuerySet:
    return periods if takes_part(user) else periods.none()


def visible_assessments(assessments: AssessmentQuerySet, user: User) -> AssessmentQuerySet:
    if has_right(user, Right.DIRECT):
        return assessments
    found = assessments.filter(_in_chain(user, "") | _in_own_stars(user, "rubric__stars__kind", ""))
    return found.distinct() if has_right(user, Right.REVIEW_THEME) else found


def visible_items(items: AssessmentItemQuerySet, user: User) -> AssessmentItemQuerySet:
    if has_right(user, Right.DIRECT):
        return items
    return items.filter(_in_chain(user, "assessment__") | _in_own_stars(user, "task__star__kind", "assessment__"))


def visible_evidence(rows: EvidenceQuerySet, user: User) -> EvidenceQuerySet:
    """What stands beside an item one sees; a community also its own that stands beside none any more."""
    if has_right(user, Right.DIRECT):
        return rows
    own = [one.pk for one in organisations_with(user, Right.READ) if one.level == Level.COMMUNITY]
    seen = visible_items(AssessmentItem.objects.all(), user)
    linked = EvidenceLink.objects.in_force().filter(item__in=seen.values("pk"))
    return rows.filter(Q(organisation__in=own) | Q(pk__in=linked.values("evidence")))


def visible_ratings(ratings: RatingQuerySet, user: User) -> RatingQuerySet:
    """Live results: the office and the own chain; a task force sees its items, not the totals."""
    if has_right(user, Right.DIRECT):
        return ratings
    return ratings.filter(_in_chain(user, "assessment__"))


def visible_publications(publications: PublicationQuerySet, user: User) -> PublicationQuerySet:
    """Whoever takes part; what of the ranking she sees is fixed in the publication (`sees_whole_ranking`)."""
    return publications if takes_part(user) else publications.none()


def visible_spot_checks(spot_checks: SpotCheckQuerySet, user: User) -> SpotCheckQuerySet:
    """A sample is for those who drew it and for the creation office; others see what was found of their own items."""
    if has_right(user, Right.DIRECT):
        return spot_checks
    drawers = [*organisations_with(user, Right.REVIEW_THEME), *organisations_with(user, Right.REVIEW_PLACE)]
    return spot_checks.filter(organisation__in={one.pk for one in drawers})


def sees_whole_ranking(user: User) -> bool:
    """The district sees every ranking with points; others what the publication allows."""
    return has_right(user, Right.DIRECT) or any(
        organisation.level == Level.DISTRICT for organisation in organisations_with(user, Right.READ)
    )


def _in_chain(user: User, prefix: str) -> Q:
    """Own subtree today or own street at opening; readers at the district and its office see months once published.

    Each appointment gives its own part: one at a community does not open running months to a reader of the district.
    """
    roots = organisations_with(user, Right.READ)
    streets = [root.pk for root in roots if root.level == Level.STREET]
    inside = Q(**{f"{prefix}street__in": streets})
    own = [root for root in roots if root.level is not None and root.level > Level.DISTRICT]
    if own:
        inside |= Q(**{f"{prefix}subject__in": ids_under(own)})
    if any(root.level == Level.DISTRICT or root.kind == OrganisationKind.CREATION_OFFICE for root in roots):
        inside |= Q(**{f"{prefix}period__state": PeriodState.PUBLISHED})
    return inside


def _in_own_stars(user: User, kind_path: str, prefix: str) -> Q:
    """Items of the stars the account's task forces serve, up to the month another task force takes a star over."""
    forces = {force.pk for force in organisations_with(user, Right.REVIEW_THEME)}
    mine, next_month = Q(pk__in=[]), dict[tuple[int, str], date]()
    for served in StarResponsibility.objects.order_by("-from_month") if forces else ():
        star = served.star_kind_id, served.track
        if served.task_force_id in forces:
            part = Q(**{kind_path: served.star_kind_id, f"{prefix}track": served.track})
            until = next_month.get(star)
            mine |= part & Q(**{f"{prefix}period__month__lt": until}) if until else part
        next_month[star] = served.from_month
    return mine


# ---- one object or 404


def get_rubric_for(user: User, pk: int) -> Rubric:
    return _found(Rubric.objects.visible_to(user).select_related("programme").filter(pk=pk).first(), "细则")


def get_period_for(user: User, month: date, programme_code: str | None = None) -> Period:
    """The period of a month; without a programme code that of the first real programme."""
    joined = Period.objects.visible_to(user).select_related("programme", "notice_draft__saved_by")
    periods = joined.filter(month=month)
    chosen = periods.filter(programme__code=programme_code) if programme_code else periods
    return _found(chosen.order_by("programme__is_practice", "programme").first(), "月度考评")


def get_assessment_for(user: User, pk: int) -> Assessment:
    rows = Assessment.objects.visible_to(user).select_related(
        "period__programme", "subject", "placement", "street", "rubric", "rating"
    )
    return _found(rows.filter(pk=pk).defer("rubric__content").first(), "社区考评")


def get_item_for(user: User, pk: int) -> AssessmentItem:
    rows = AssessmentItem.objects.visible_to(user).select_related(
        "assessment__period__programme", "assessment__placement", "assessment__rubric", "task__star__kind"
    )
    return _found(rows.filter(pk=pk).defer("assessment__rubric__content").first(), "考评事项")


def get_evidence_for(user: User, pk: int) -> Evidence:
    rows = Evidence.objects.visible_to(user).select_related("file", "organisation", "recorded_by")
    return _found(rows.filter(pk=pk).first(), "佐证材料")


def get_spot_check_for(user: User, pk: int) -> SpotCheck:
    rows = SpotCheck.objects.visible_to(user).select_related("period__programme", "organisation", "drawn_by")
    return _found(rows.filter(pk=pk).first(), "抽查核验")


def get_drawn_item_for(user: User, pk: int) -> SpotCheckItem:
    """One item of a sample, for whoever sees the sample."""
    seen = SpotCheck.objects.visible_to(user).values("pk")
    rows = SpotCheckItem.objects.select_related("spot_check__period", "spot_check__organisation", "item")
    return _found(rows.filter(pk=pk, spot_check__in=seen).first(), "抽查事项")


def get_rating_for(user: User, pk: int) -> Rating:
    return _found(Rating.objects.visible_to(user).filter(pk=pk).first(), "评星结果")


def get_rated_community_for(user: User, code: str) -> Organisation:
    """A community with published months in one's own chain, or 404; the district and its office read all."""
    seen = _rated(user).filter(subject__code=code)
    return _found(Organisation.objects.filter(pk__in=seen.values("subject")).first(), "社区的考评结果")


def has_results(user: User, community: Organisation) -> bool:
    """Whether `get_rated_community_for` finds it."""
    return _rated(user).filter(subject=community).exists()


def _rated(user: User) -> AssessmentQuerySet:
    rated = Assessment.objects.filter(standings__publication__period__programme__is_practice=False)
    return rated if has_right(user, Right.DIRECT) else rated.filter(_in_chain(user, ""))


def get_publication_for(user: User, period: Period, number: int | None = None) -> Publication:
    """Publication `number` of a month, the one in force without a number."""
    rows = Publication.objects.visible_to(user).filter(period=period).select_related("period__programme", "supersedes")
    chosen = rows.filter(number=number) if number else rows
    return _found(chosen.defer("supersedes__content").order_by("-number").first(), "公布")


def _found(row: Found | None, what: str) -> Found:
    if row is None:
        raise Http404(f"没有这个{what}。")
    return row


# ---- acts


def can_direct(officer: Officer) -> Permit:
    """Opening, closing, ruling, publishing are the creation office's."""
    return ALLOWED if officer.has(Right.DIRECT) else refused("只有区创建办可以办理。")


def can_keep_rubrics(officer: Officer) -> Permit:
    """Importing, revising and publishing editions."""
    return ALLOWED if officer.has(Right.DIRECT) else refused("只有区创建办可以维护评星标准。")


def can_keep_phrases(officer: Officer) -> Permit:
    """Adding, changing and retiring the ready-made reasons for returns."""
    return ALLOWED if officer.has(Right.DIRECT) else refused("只有区创建办可以维护退回用语。")


def can_report(officer: Officer, assessment: Assessment) -> Permit:
    """Entering for a community: her own people, her street on behalf, the creation office on behalf."""
    if not _enters_for(officer, assessment):
        return refused("只能填报本社区或本街道所辖社区的事项；该事项请其社区、街道或区创建办填报。")
    return ALLOWED


def can_enter_for_street(officer: Officer) -> Permit:
    """Entering one task for all communities of a street: its own people."""
    if officer.has(Right.REPORT) and officer.organisation.level == Level.STREET:
        return ALLOWED
    return refused("只有街道可以按任务集中代填所辖社区。")


def can_review_star(officer: Officer) -> Permit:
    """Reviewing one task over all communities, from a department's sheet too: the task force's."""
    return ALLOWED if officer.has(Right.REVIEW_THEME) else refused("只有专班可以用部门数据核验。")


def can_confirm(officer: Officer, assessment: Assessment) -> Permit:
    """Standing by what the street or the office sent on behalf: the community itself, until publication."""
    if officer.organisation.pk != assessment.subject_id or not officer.has(Right.REPORT):
        return refused("代填的事项只能由本社区确认。")
    return refused("本月结果已公布，不能再确认；有误请区创建办更正。") if assessment.period.is_published else ALLOWED


def can_write_item(officer: Officer, current: CurrentItem) -> Permit:
    """Drafting or submitting one item now."""
    allowed = can_report(officer, current.assessment)
    if not allowed:
        return allowed
    if current.ruling is not None:
        return refused("该事项已由区创建办最终认定，不能再填报；确需改动的，请区创建办另作认定。")
    if current.item.state == ItemState.SUBMITTED:
        return refused("该事项已报送；尚未审核的可以撤回，已审核的由街道或专班退回。")
    return _is_writable(current)


def can_withdraw(officer: Officer, current: CurrentItem) -> Permit:
    """Taking back what was submitted, before any review of the round."""
    allowed = can_report(officer, current.assessment)
    if not allowed:
        return allowed
    if current.item.state != ItemState.SUBMITTED:
        return refused("该事项尚未报送，不用撤回，可以直接修改。")
    if current.street or current.task_force or current.ruling:
        return refused("该事项已有审核意见，须由街道或专班退回。")
    return _is_writable(current)


def can_add_evidence(officer: Officer, current: CurrentItem) -> Permit:
    """Putting evidence beside an item, also once it was sent: it is recorded when."""
    allowed = can_report(officer, current.assessment)
    if not allowed:
        return allowed
    if current.ruling is not None:
        return refused("该事项已由区创建办最终认定，不再添加佐证。")
    return _is_writable(current)


def can_remove_evidence(officer: Officer, current: CurrentItem) -> Permit:
    """Taking it away again: only while nobody relies on it."""
    allowed = can_add_evidence(officer, current)
    if allowed and current.item.state == ItemState.SUBMITTED:
        return refused("该事项已报送，佐证只能添加、不能移除；社区撤回或被街道、专班退回后可以移除。")
    return allowed


def can_review(officer: Officer, current: CurrentItem, axis: str) -> Permit:
    """One axis' view of an item: its street, the task force of its star; never what one entered oneself."""
    place = speaks_of(officer, current, axis)
    if not place:
        return place
    if current.report is None or current.item.state != ItemState.SUBMITTED:
        return refused("该事项本轮尚未报送，不能审核。请社区先报送，或由街道代填。")
    if officer.person.pk in current.report_writers:
        return refused("不能审核本人填报的事项，请由本街道其他人员或区创建办审核。")
    if current.ruling is not None:
        return refused("该事项已由区创建办最终认定。要改请区创建办另作认定。")
    return _is_writable(current)


def speaks_of(officer: Officer, current: CurrentItem, axis: str) -> Permit:
    """Whether an item is the officer's to review on an axis, whatever its state."""
    return _reviews_place(officer, current) if axis == Axis.STREET else _reviews_star(officer, current)


def reviews_on(officer: Officer, axis: str) -> Permit:
    """Whether the officer speaks on an axis at all; of which items is asked with each."""
    if axis == Axis.STREET:
        may = officer.has(Right.REVIEW_PLACE) or officer.has(Right.DIRECT)
        return ALLOWED if may else refused("只有街道可以审核本街道的社区，请由街道的同志办理。")
    if officer.has(Right.REVIEW_THEME):
        return ALLOWED
    return refused("只有专班可以核验本专班负责的星，请由专班的同志办理。")


def can_undo(officer: Officer, current: CurrentItem, axis: str) -> Permit:
    """Taking back what one's axis said, whoever of it said so: whoever may review the item may do that too."""
    return can_review(officer, current, axis)


def can_rule(officer: Officer, current: CurrentItem) -> Permit:
    """The creation office's decision before publication."""
    directs = can_direct(officer)
    if not directs:
        return directs
    if current.assessment.period.is_published:
        return refused("本月结果已公布，只能由区创建办两人办理更正。")
    return ALLOWED


def can_draft_correction(officer: Officer, proposal: CorrectionProposal) -> Permit:
    """Changing, refreshing, giving up a correction is its drafter's."""
    if officer.person.pk != proposal.drafted_by_id:
        return refused(f"这件更正由{proposal.drafted_by.name}起草，只能由其本人修改或撤销。")
    return can_direct(officer)


def can_decide_correction(officer: Officer, proposal: CorrectionProposal) -> Permit:
    """Two persons: whoever drafted does not decide."""
    if officer.person.pk == proposal.drafted_by_id:
        return refused("更正须由两人办理：请区创建办另一位同志核对、确认。")
    return can_direct(officer)


def can_appeal(officer: Officer, current: CurrentItem) -> Permit:
    """A community's one objection to an item that a review lowered, until closing."""
    if officer.organisation.pk != current.assessment.subject_id or not officer.has(Right.REPORT):
        return refused("只有本社区可以申请复核。")
    if not current.assessment.period.is_open:
        return refused("本月已关闭，不能再申请复核；有异议的，请区创建办在公布前重新认定。")
    if current.has_appeal:
        return refused("该事项已经申请过复核，每项只能申请一次，由区创建办答复。")
    if current.ruling is not None:
        return refused("该事项已由区创建办最终认定。要改请区创建办另作认定。")
    if not current.is_lowered:
        return refused("只有被街道或专班降分的事项可以申请复核。")
    return ALLOWED


def can_see_missing(officer: Officer) -> Permit:
    """Who has not reported or reviewed, to be passed on: the street its own, the creation office all."""
    if officer.has(Right.DIRECT) or officer.has(Right.REVIEW_PLACE):
        return ALLOWED
    return refused("只有街道和区创建办可以查看还没报、还没审的名单。")


def can_sign_off(officer: Officer, period: Period, street: Organisation) -> Permit:
    """The street's second step; that the signer reviewed nothing of the batch is checked with the batch."""
    if officer.organisation.pk != street.pk or not officer.has(Right.REVIEW_PLACE):
        return refused("只有本街道可以审签，请由该街道的同志办理。")
    return refused("本月结果已公布，不能再审签；有误的由区创建办更正。") if period.is_published else ALLOWED


def can_spot_check(officer: Officer, period: Period) -> Permit:
    """Drawing a sample: a task force of its stars, a street of its communities, the creation office of all."""
    if not any(officer.has(right) for right in SPOT_CHECKING):
        return refused("只有专班、街道和区创建办可以抽查核验。")
    return refused("本月结果已公布，不能再抽查核验；有误的由区创建办更正。") if period.is_published else ALLOWED


def can_record_finding(officer: Officer, spot_check: SpotCheck) -> Permit:
    """What was found is recorded by those who drew the sample."""
    if officer.organisation.pk != spot_check.organisation_id:
        return refused("只有抽取样本的街道、专班或区创建办可以记录抽查结果。")
    return can_spot_check(officer, spot_check.period)


def _enters_for(officer: Officer, assessment: Assessment) -> bool:
    if officer.has(Right.DIRECT):
        return True
    return officer.has(Right.REPORT) and officer.organisation.pk in (assessment.subject_id, assessment.street_id)


def _reviews_place(officer: Officer, current: CurrentItem) -> Permit:
    if officer.has(Right.REVIEW_PLACE) and officer.organisation.pk == current.assessment.street_id:
        return ALLOWED
    if officer.has(Right.DIRECT):
        entered_by_street = current.report and current.report_organisation_id == current.assessment.street_id
        return ALLOWED if entered_by_street else refused("街道代填的事项才由区创建办代为审核，其余由该街道审核。")
    return refused("只能审核本街道所辖社区的事项；该事项由其所在街道审核。")


def _reviews_star(officer: Officer, current: CurrentItem) -> Permit:
    if officer.has(Right.REVIEW_THEME) and officer.organisation.pk == current.task_force_id:
        return ALLOWED
    return refused("只能核验本专班负责的星；该事项由负责这颗星的专班核验。")


def _is_writable(current: CurrentItem) -> Permit:
    """Open month, or a timed unlock of this one item in a closed, unpublished month."""
    period = current.assessment.period
    if period.is_open:
        return ALLOWED
    if period.state == PeriodState.CLOSED:
        if current.is_unlocked:
            return ALLOWED
        return refused("本月已关闭；确需修改的，由区创建办限时解锁该事项或重新开放本月。")
    return refused("本月结果已公布，只能由区创建办更正。")
