"""The rows of a publication's ledgers: all or none, in one transaction, never twice."""

from __future__ import annotations

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.canonical import canonical_text, text_digest
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit
from ledgers.calc.bodies import body_of
from ledgers.calc.frame import is_read_by_all
from ledgers.models import Ledger, LedgerKind
from ledgers.permissions import can_issue
from ledgers.selectors.issuing import PreviousLedgers, Target, existing_ledgers, streets_of
from scoring.models import Publication


@transaction.atomic
def issue_rows(actor: Officer, publication: Publication, targets: list[Target]) -> tuple[list[Ledger], int]:
    """The ledgers of these targets in their order, and how many of them are new."""
    can_issue(actor, publication).require()
    Publication.objects.select_for_update().get(pk=publication.pk)
    there = existing_ledgers(publication)
    missing = [target for target in targets if (target[0], target[1].pk) not in there]
    created = _create(actor, publication, missing) if missing else []
    there |= {(row.kind, row.organisation_id): row for row in created}
    return [there[kind, organisation.pk] for kind, organisation in targets], len(created)


def _create(actor: Officer, publication: Publication, targets: list[Target]) -> list[Ledger]:
    if Publication.objects.filter(supersedes=publication).exists():
        raise Conflict(f"{publication}已被更正取代，请为更正后的公布签发台账。")
    previous, streets = PreviousLedgers(publication), streets_of(publication.period)
    rows = [_row(actor, publication, target, previous.of(*target), _street_id(target, streets)) for target in targets]
    created = Ledger.objects.bulk_create(rows)
    audit.record(
        actor=actor,
        verb="ledgers.issue",
        subject=publication,
        payload={"numbers": [row.number for row in created], "row_digests": row_digests(created)},
    )
    return created


def _street_id(target: Target, streets: dict[int, int]) -> int | None:
    """Under which street a ledger stands: its community's, or itself."""
    kind, organisation = target
    return organisation.pk if kind == LedgerKind.STREET else streets.get(organisation.pk)


def _row(
    actor: Officer, publication: Publication, target: Target, previous: dict[str, str], street_id: int | None
) -> Ledger:
    kind, organisation = target
    body = body_of(kind, publication.data, organisation.code, previous)
    text = canonical_text(body)
    return Ledger(
        number=body["number"],
        publication=publication,
        kind=kind,
        organisation=organisation,
        name=body["organisation"]["name"],
        street_id=street_id,
        is_open_to_all=is_read_by_all(kind, publication.data),
        revision=publication.number,
        body=text,
        body_sha256=text_digest(text),
        issued_by=actor.person,
        at=clock.now(),
    )
