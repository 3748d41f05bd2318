"""Ledgers as lists and links show them."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, QuerySet, When

from branches.models import Organisation
from core import clock
from core.models import StoredFile, User
from ledgers.models import Ledger, Rendering
from scoring.models import Publication

OFFICIAL_ORDER = Case(
    *(
        When(kind=kind, then=place)
        for place, kind in enumerate(("notice", "brief", "ranking", "items", "task_force", "street", "community"))
    ),
    default=7,
)


def ledger_rows(user: User) -> QuerySet[Ledger]:
    """What the account may see, newest month first in official order, without bodies: `.is_superseded`, `.has_pdf`."""
    return (
        Ledger.objects.visible_to(user)
        .annotate(
            is_superseded=Exists(Publication.objects.filter(supersedes=OuterRef("publication"))),
            has_pdf=Exists(Rendering.objects.filter(ledger=OuterRef("pk"))),
        )
        .select_related("publication__period", "organisation", "street")
        .defer("body", "publication__content")
        .order_by("-publication__period__month", OFFICIAL_ORDER, "organisation__code", "-revision")
    )


def latest_file(ledger: Ledger) -> StoredFile | None:
    """The newest drawn PDF."""
    rendering = Rendering.objects.filter(ledger=ledger).select_related("file").order_by("-at", "-pk").first()
    return rendering.file if rendering else None


def successor_of(ledger: Ledger) -> tuple[Publication | None, Ledger | None]:
    """The publication that superseded this ledger's, and its ledger of the same kind and organisation."""
    publication = Publication.objects.filter(supersedes=ledger.publication_id).defer("content").first()
    if publication is None:
        return None, None
    rows = Ledger.objects.filter(publication=publication, kind=ledger.kind, organisation=ledger.organisation_id)
    return publication, rows.defer("body").first()


def street_names(ledgers: QuerySet[Ledger]) -> list[tuple[str, str]]:
    """Code and today's name of the streets in these ledgers, for a filter."""
    ids = ledgers.order_by().exclude(street=None).values("street")
    rows = Organisation.objects.filter(pk__in=ids).as_of(clock.today()).order_by("code")
    return [(row.code, row.name or row.code) for row in rows]
