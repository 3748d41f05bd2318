"""Who reads a ledger, who issues one, who prints a 送审稿. Rules 8, 9 and 11 of the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from branches.acting import Officer
from branches.choices import Level, Right
from branches.models import Organisation
from branches.permissions import has_right, organisations_with, subtree_ids
from core.models import Job, User
from core.permit import ALLOWED, Permit, refused
from ledgers.models import Bundle, Ledger, LedgerBatch, LedgerKind
from scoring.models import Assessment, Publication
from scoring.permissions import can_report, takes_part

if TYPE_CHECKING:
    from ledgers.models.bundle import BundleQuerySet
    from ledgers.models.ledger import LedgerQuerySet

DRAW_DRAFT = "draw_draft"
DRAW_PAPER = "draw_paper"


def visible_ledgers(ledgers: LedgerQuerySet, user: User) -> LedgerQuerySet:
    """The office all; others their own chain's and, where the publication shows places, the ranking."""
    if has_right(user, Right.DIRECT):
        return ledgers
    if not takes_part(user):
        return ledgers.none()
    return ledgers.filter(Q(is_open_to_all=True) | _in_chain(user))


def _in_chain(user: User) -> Q:
    """What stands under one's organisation today, or stood under one's street at opening; a task force's own."""
    own = Q(kind=LedgerKind.TASK_FORCE, organisation__in=organisations_with(user, Right.REVIEW_THEME))
    roots = organisations_with(user, Right.READ)
    if not roots:
        return own
    streets = [root.pk for root in roots if root.level == Level.STREET]
    return own | Q(organisation__in=subtree_ids(user, Right.READ)) | Q(street__in=streets)


def get_ledger_for(user: User, number: str) -> Ledger:
    """One ledger, or 404: outside the scope is the same as not existing."""
    rows = Ledger.objects.visible_to(user).filter(number=number)
    found = rows.select_related("publication__period__programme", "organisation", "issued_by").first()
    if found is None:
        raise Http404("没有这册台账。")
    return found


def can_issue(officer: Officer, publication: Publication | None = None) -> Permit:
    """Issuing is the creation office's; a practice programme has no ledgers. Without a publication: whether at all."""
    if not officer.has(Right.DIRECT):
        return refused("只有区创建办可以签发台账。")
    if publication is not None and publication.period.programme.is_practice:
        return refused("练习项目不签发台账。")
    return ALLOWED


def visible_bundles(bundles: BundleQuerySet, user: User) -> BundleQuerySet:
    """The office all; who reads the district or a street that one's; communities and task forces none."""
    if has_right(user, Right.DIRECT):
        return bundles
    return bundles.filter(organisation__in=subtree_ids(user, Right.READ)) if takes_part(user) else bundles.none()


def get_bundle_for(user: User, pk: int) -> Bundle:
    """One archive or volume, or 404."""
    rows = Bundle.objects.visible_to(user).select_related("file", "publication__period")
    found = rows.defer("publication__content").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个成套文件。")
    return found


def may_bundle(officer: Officer) -> bool:
    """Whether there is any place whose bundles she may have."""
    return can_bundle(officer, officer.organisation).allowed and officer.organisation.level != Level.COMMUNITY


def can_bundle(officer: Officer, organisation: Organisation) -> Permit:
    """The office has any made; who reads a street or the district for it, that one's."""
    if officer.has(Right.DIRECT):
        return ALLOWED
    if officer.has(Right.READ) and officer.organisation.pk == organisation.pk:
        return ALLOWED
    return refused("只能生成本街道的档案包和合订本；其他的请区创建办生成。")


def get_batch_for(user: User, pk: int) -> LedgerBatch:
    """A batch, for the creation office alone, or 404."""
    rows = LedgerBatch.objects.select_related("publication__period__programme", "job", "started_by")
    found = rows.defer("publication__content").filter(pk=pk).first() if has_right(user, Right.DIRECT) else None
    if found is None:
        raise Http404("没有这个台账批次。")
    return found


def can_draft(officer: Officer, organisation: Organisation | None = None, street_id: int | None = None) -> Permit:
    """Printing a 送审稿: the ranking (no organisation) is the office's; others print their own organisation's, a street
    also those of its communities (`street_id`: the street as frozen at opening).
    """
    if officer.has(Right.DIRECT):
        return ALLOWED
    if organisation is None:
        return refused("排名送审稿只有区创建办可以打印。")
    reads = officer.has(Right.READ) or officer.has(Right.REVIEW_THEME)
    if reads and officer.organisation.pk in (organisation.pk, street_id):
        return ALLOWED
    return refused("只能打印本单位或本街道所辖社区的送审稿；其他单位的请区创建办打印。")


def get_draft_job_for(user: User, pk: int) -> Job:
    """The requester's own draft job while she still sees what it prints, or 404."""
    found = Job.objects.filter(kind=DRAW_DRAFT, requester=user, pk=pk).select_related("draft_print__file").first()
    if found is None or not _still_sees(user, found):
        raise Http404("没有这份送审稿。")
    return found


def _still_sees(user: User, job: Job) -> bool:
    """Whoever left her post leaves her drafts of the running month."""
    if has_right(user, Right.DIRECT):
        return True
    code = job.params["organisation"]
    own = [*organisations_with(user, Right.READ), *organisations_with(user, Right.REVIEW_THEME)]
    if any(one.code == code for one in own):
        return True
    return Assessment.objects.visible_to(user).filter(period=job.params["period"], subject__code=code).exists()


def can_print_paper(officer: Officer, assessment: Assessment) -> Permit:
    """Sheets and forms of a running month: whoever may enter for the community, while the month is open."""
    allowed = can_report(officer, assessment)
    if allowed and not assessment.period.is_open:
        return refused("本月已关闭，不再打印填报用纸；确需改动的，请区创建办重新开放本月。")
    return allowed


def get_paper_job_for(user: User, pk: int) -> Job:
    """The requester's own paper while she still sees a community on it, or 404."""
    found = Job.objects.filter(kind=DRAW_PAPER, requester=user, pk=pk).select_related("working_paper__file").first()
    if found is None or not _still_sees_paper(user, found):
        raise Http404("没有这份用纸。")
    return found


def _still_sees_paper(user: User, job: Job) -> bool:
    code = job.params["organisation"]
    seen = Assessment.objects.visible_to(user).filter(period=job.params["period"])
    return seen.filter(Q(subject__code=code) | Q(street__code=code)).exists()
