"""Issuing: rows first, all or none in one transaction; then what is not drawn yet, each document on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.actor import Actor
from core.canonical import canonical_text, text_digest
from core.errors import Conflict, PortalError
from core.immutability import row_digests
from core.models import Job
from core.services import audit, files, jobs
from ledgers.calc.bodies import body_of
from ledgers.calc.frame import is_open_to_all
from ledgers.models import Ledger, LedgerKind, Rendering
from ledgers.permissions import can_issue
from ledgers.selectors.issuing import (
    PreviousLedgers,
    Target,
    existing_ledgers,
    streets_of,
    targets_of,
)
from ledgers.services import drawing
from scoring.models import Publication

ISSUE = "issue_ledgers"
PDF = "application/pdf"
KEPT_TOGETHER = 20
Progress = Callable[[int, int, str], None]


@dataclass
class Outcome:
    """What an issuing run did."""

    issued: int = 0
    drawn: int = 0
    unchanged: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"新签发 {self.issued} 册，绘制 {self.drawn} 册，{self.unchanged} 册未变。"

    def raise_failures(self) -> None:
        """Conflict that names every document that is not there."""
        if self.failures:
            raise Conflict(f"{self} 另有 {len(self.failures)} 册未绘制：" + "；".join(self.failures))


def issue_ledger(*, actor: Officer, publication: Publication, kind: str, organisation: Organisation) -> Ledger:
    """One ledger of a publication; the same asked twice is the same row."""
    return _issue(actor, publication, targets_of(publication, kind, organisation.code))[0][0]


def issue_ledgers(
    *, actor: Officer, publication: Publication, kind: str | None = None, organisation: Organisation | None = None
) -> Job:
    """Ask the worker to issue and draw a publication's ledgers: all, one kind, one organisation's."""
    can_issue(actor, publication).require()
    organisation_code = organisation.code if organisation else ""
    targets_of(publication, kind or "", organisation_code)
    return jobs.enqueue(
        actor=actor,
        kind=ISSUE,
        scope=f"publication:{publication.pk}",
        params={
            "publication": publication.pk,
            "kind": kind or "",
            "organisation": organisation_code,
            "appointment": actor.appointment.pk,
        },
    )


def issue_and_draw(
    *, actor: Officer, publication: Publication, progress: Progress, kind: str = "", organisation: str = ""
) -> Outcome:
    """What worker and command do; `organisation` is a code. Failures are collected, the other documents go on."""
    ledgers, issued = _issue(actor, publication, targets_of(publication, kind, organisation))
    outcome = Outcome(issued=issued)
    _draw(actor, ledgers, outcome, progress)
    return outcome


# -- rows


@transaction.atomic
def _issue(actor: Officer, publication: Publication, targets: list[Target]) -> tuple[list[Ledger], int]:
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
        is_open_to_all=kind == "ranking" and is_open_to_all(publication.data),
        revision=publication.number,
        body=text,
        body_sha256=text_digest(text),
        issued_by=actor.person,
        at=clock.now(),
    )


# -- documents


def _draw(actor: Actor, ledgers: list[Ledger], outcome: Outcome, progress: Progress) -> None:
    """Draw what has no rendering under the present environment; kept in bundles with one audit entry each."""
    environment = drawing.environment()
    drawn = set(
        Rendering.objects.filter(ledger__in=ledgers, render_environment=environment).values_list("ledger", flat=True)
    )
    waiting = [ledger for ledger in ledgers if ledger.pk not in drawn]
    outcome.unchanged = len(ledgers) - len(waiting)
    progress(outcome.unchanged, len(ledgers), "正在绘制台账")
    bundle: list[Rendering] = []
    for done, (ledger, result) in enumerate(_results(waiting), outcome.unchanged + 1):
        if isinstance(result, PortalError):
            outcome.failures.append(_failure(ledger, result))
        else:
            bundle.append(_rendering(ledger, environment, result))
        if len(bundle) == KEPT_TOGETHER:
            outcome.drawn += _keep(actor, bundle)
            bundle = []
        progress(done, len(ledgers), "正在绘制台账")
    outcome.drawn += _keep(actor, bundle)


def _results(ledgers: Iterable[Ledger]) -> Iterator[tuple[Ledger, bytes | PortalError]]:
    """Each ledger with its bytes or why there are none; those with characters no font has come first."""
    drawable: dict[int, Ledger] = {}
    for ledger in ledgers:
        try:
            drawing.refuse_missing_characters(ledger.data)
        except PortalError as refusal:
            yield ledger, refusal
        else:
            drawable[ledger.pk] = ledger
    bodies = ((pk, ledger.data, stamp_of(ledger)) for pk, ledger in drawable.items())
    for pk, result in drawing.draw_many(bodies):
        yield drawable[pk], result


def stamp_of(ledger: Ledger) -> drawing.Stamp:
    """What stands on the paper beside the body."""
    return drawing.Stamp(ledger.body_sha256, ledger.verify_code)


def _failure(ledger: Ledger, error: PortalError) -> str:
    return error.message if ledger.number in error.message else f"台账 {ledger.number}：{error.message}"


def _rendering(ledger: Ledger, environment: str, content: bytes) -> Rendering:
    stored = files.store_bytes(content, media_type=PDF)
    return Rendering(ledger=ledger, render_environment=environment, file=stored, at=clock.now())


@transaction.atomic
def _keep(actor: Actor, bundle: list[Rendering]) -> int:
    """Write the rows that are not there yet (another run may have been faster) and say so in the audit."""
    there = set(
        Rendering.objects.select_for_update()
        .filter(
            ledger__in=[row.ledger_id for row in bundle],
            render_environment__in=[row.render_environment for row in bundle],
        )
        .values_list("ledger", flat=True)
    )
    created = Rendering.objects.bulk_create([row for row in bundle if row.ledger_id not in there])
    if created:
        payload: dict[str, Any] = {"row_digests": row_digests(created)}
        audit.record(actor=actor, verb="ledgers.draw", subject=created[0].ledger.publication, payload=payload)
    return len(created)
