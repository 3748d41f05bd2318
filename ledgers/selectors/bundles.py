"""Which bundles an officer may have of a publication, and which are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from branches.acting import Officer
from branches.choices import Level
from branches.models import Organisation
from core.models import Job, User
from ledgers.calc.filing import WHOLE_DISTRICT
from ledgers.models import Bundle, BundleKind, Ledger, LedgerKind
from ledgers.permissions import can_bundle
from scoring.models import Publication


@dataclass(frozen=True, slots=True)
class Shelf:
    """An organisation's place on the page: its newest archive and volume, or None."""

    organisation: Organisation
    name: str
    archive: Bundle | None
    volume: Bundle | None
    can_make: bool

    @property
    def kinds(self) -> list[tuple[str, str, str, Bundle | None]]:
        """Code, name, word on the button, and what is there."""
        return [
            (BundleKind.ARCHIVE.value, "档案包", "生成档案包", self.archive),
            (BundleKind.VOLUME.value, "合订本", "生成合订本", self.volume),
        ]


def shelves(user: User, officer: Officer | None, publication: Publication) -> list[Shelf]:
    """The district first, then the streets in order: those the account may read or have made."""
    kept = _newest(user, publication)
    rows = [_shelf(organisation, name, kept, officer) for organisation, name in _places(publication)]
    return [row for row in rows if row.can_make or row.archive or row.volume]


def _newest(user: User, publication: Publication) -> dict[tuple[int, str], Bundle]:
    rows = Bundle.objects.visible_to(user).filter(publication=publication).select_related("file").order_by("pk")
    return {(row.organisation_id, row.kind): row for row in rows}


def _places(publication: Publication) -> list[tuple[Organisation, str]]:
    """District and streets that have a ledger of their own, under the names the ledgers give them."""
    rows = Ledger.objects.filter(publication=publication, kind__in=(LedgerKind.RANKING, LedgerKind.STREET))
    ordered = sorted(
        rows.defer("body").select_related("organisation"),
        key=lambda row: (row.kind != LedgerKind.RANKING, row.organisation.code),
    )
    return [(row.organisation, WHOLE_DISTRICT if row.kind == LedgerKind.RANKING else row.name) for row in ordered]


def _shelf(
    organisation: Organisation, name: str, kept: dict[tuple[int, str], Bundle], officer: Officer | None
) -> Shelf:
    return Shelf(
        organisation,
        name,
        kept.get((organisation.pk, BundleKind.ARCHIVE)),
        kept.get((organisation.pk, BundleKind.VOLUME)),
        can_make=bool(officer and can_bundle(officer, organisation)),
    )


def bundle_place(publication: Publication, code: str) -> Organisation | None:
    """The district or street with this code whose ledgers stand in the publication."""
    rows = Organisation.objects.filter(code=code).filter(Q(level=Level.DISTRICT) | Q(level=Level.STREET))
    return rows.filter(ledgers__publication=publication).distinct().first()


def bundle_jobs(user: User, scope: str, kind: str) -> Any:
    """Her own that are at work, and the newest that failed after the last success."""
    rows = Job.objects.filter(requester=user, kind=kind, scope=scope).order_by("-pk")
    return [job for job in rows[:5] if job.is_alive or job.state == Job.State.FAILED]
