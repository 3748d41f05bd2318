"""What a publication's ledgers are, which of them are there, and what they follow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from branches.choices import Level
from branches.models import Organisation
from core.errors import Conflict, Invalid
from ledgers.models import OF_THE_DISTRICT, Ledger, LedgerKind
from scoring.models import Assessment, Period, Publication
from scoring.selectors.responsibilities import served_stars

Target = tuple[str, Organisation]


def publication_in_force(period: Period) -> Publication:
    """The latest publication of a month; Conflict before the first."""
    rows = Publication.objects.filter(period=period).select_related("period__programme")
    found = rows.order_by("-number").first()
    if found is None:
        raise Conflict(f"{period}尚未公布，不能签发台账；公布前可以打印送审稿。")
    return found


def targets_of(publication: Publication, kind: str = "", organisation_code: str = "") -> list[Target]:
    """The ledgers a publication has in official order: the district's papers, then those of task forces, streets and
    communities by code; narrowed by kind and organisation.
    """
    targets = [target for target in all_targets(publication.period) if kind in ("", target[0])]
    if not organisation_code:
        return targets
    chosen = [target for target in targets if target[1].code == organisation_code]
    if not chosen:
        raise Invalid(f"{publication.period}中没有代码为 {organisation_code} 的台账。")
    return chosen


def all_targets(period: Period) -> list[Target]:
    """Every document of a month: those of the district, a ledger a task force, a street and a community."""
    district = district_of(period)
    return [
        *((kind, district) for kind in OF_THE_DISTRICT),
        *((LedgerKind.TASK_FORCE, one) for one in _task_forces(period)),
        *((LedgerKind.STREET, one) for one in _by_code(street_assessments__period=period)),
        *((LedgerKind.COMMUNITY, one) for one in _by_code(assessments__period=period)),
    ]


def _by_code(**belonging: Period) -> QuerySet[Organisation]:
    return Organisation.objects.filter(**belonging).distinct().order_by("code")


def _task_forces(period: Period) -> QuerySet[Organisation]:
    """Those that serve a star which a community of this month can win."""
    return Organisation.objects.filter(pk__in=set(served_stars(period).values())).order_by("code")


def district_of(period: Period) -> Organisation:
    """The district above the streets of a month; its ranking bears the district's code."""
    above = Organisation.objects.filter(level=Level.DISTRICT, descent__descendant__street_assessments__period=period)
    found = above.order_by("pk").first()
    if found is None:
        raise Conflict("本月街道之上没有区委，不能形成排名台账。")
    return found


def streets_of(period: Period) -> dict[int, int]:
    """Community → street as frozen at opening."""
    return dict(Assessment.objects.filter(period=period).values_list("subject_id", "street_id"))


def existing_ledgers(publication: Publication) -> dict[tuple[str, int], Ledger]:
    """The issued ledgers of a publication by kind and organisation."""
    return {(row.kind, row.organisation_id): row for row in Ledger.objects.filter(publication=publication)}


def latest_publication() -> Any:
    """The newest publication of a real programme, with `.drawn`: how many of its ledgers have a PDF, and `.documents`:
    how many it has in all.
    """
    drawn = Ledger.objects.filter(publication=OuterRef("pk"), renderings__isnull=False)
    assessed = Assessment.objects.filter(period=OuterRef("period"))
    rows = Publication.objects.filter(period__programme__is_practice=False).annotate(
        drawn=_number_of(drawn, "publication", "pk"),
        communities=_number_of(assessed, "period", "pk"),
        streets=_number_of(assessed, "period", "street"),
    )
    found = rows.select_related("period").defer("content").order_by("-period__month", "-number").first()
    if found is not None:
        task_forces = len(set(served_stars(found.period).values()))
        found.documents = len(OF_THE_DISTRICT) + task_forces + found.streets + found.communities  # type: ignore[attr-defined]
    return found


def _number_of(rows: QuerySet[Any], group: str, counted: str) -> Coalesce:
    counts = rows.order_by().values(group).annotate(n=Count(counted, distinct=True)).values("n")
    return Coalesce(Subquery(counts), 0)


class PreviousLedgers:
    """Last month's ledgers in force now, or why there is none."""

    def __init__(self, publication: Publication):
        month = _month_before(publication.period.month)
        rows = Publication.objects.filter(period__programme=publication.period.programme_id, period__month=month)
        latest = rows.filter(number=rows.aggregate(Max("number"))["number__max"]).first()
        self.is_published = latest is not None
        self.issued = existing_ledgers(latest) if latest else {}
        self.assessed = set(latest.period.assessments.values_list("subject_id", flat=True)) if latest else set()

    def of(self, kind: str, organisation: Organisation) -> dict[str, str]:
        """`{number, sha256}` or `{none: sentence}`."""
        ledger = self.issued.get((kind, organisation.pk))
        if ledger is not None:
            return {"number": ledger.number, "sha256": ledger.body_sha256}
        return {"none": self._reason(kind, organisation)}

    def _reason(self, kind: str, organisation: Organisation) -> str:
        if not self.is_published:
            return "无，上月没有公布考评。"
        if kind == LedgerKind.COMMUNITY and organisation.pk not in self.assessed:
            return "无，上月未列入考评。"
        return "无，签发时上月台账尚未签发。"


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
