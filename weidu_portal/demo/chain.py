"""The real chain of the sample: district, creation office and task forces, 13 streets and 89 communities."""

from __future__ import annotations

from django.conf import settings

from branches.acting import Officer
from branches.imports import read_attributes
from branches.services.installation import prepare_district
from branches.services.listing import import_listing
from core.actor import SYSTEM

DATA = settings.BASE_DIR / "data"


def found_district() -> None:
    """The district with its office and five task forces."""
    prepare_district(actor=SYSTEM)


def import_communities(actor: Officer) -> None:
    """Streets and communities by name and statistical code, tracks and forms as far as they are known."""
    import_listing(
        actor=actor,
        content=(DATA / "weidu-communities.csv").read_bytes(),
        source="weidu-communities.csv",
        attributes=read_attributes((DATA / "weidu-attributes.csv").read_bytes()),
    )
