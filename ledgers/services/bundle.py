"""Archive and bound volume of a publication, of the district or of a street: asked for, made by the worker, kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.canonical import digest
from core.models import Job, StoredFile
from core.services import audit, jobs
from ledgers.calc import words
from ledgers.calc.filing import WHOLE_DISTRICT, plain
from ledgers.models import Bundle, BundleKind
from ledgers.permissions import can_bundle
from ledgers.selectors.filing import Document, bundle_scope, documents_of
from ledgers.services.archive import store_archive
from ledgers.services.rendering import scope_of
from ledgers.services.volume import Cover, store_volume, volume_layout
from scoring.models import Publication

MAKE_BUNDLE = "make_bundle"
SCHEMA = 1
Progress = Callable[[int, int, str], None]


def request_bundle(*, actor: Officer, publication: Publication, kind: str, organisation: Organisation) -> Job:
    """Ask the worker for it; refused while a ledger that belongs in it is not drawn."""
    can_bundle(actor, organisation).require()
    documents_of(publication, bundle_scope(organisation))
    params = {"publication": publication.pk, "kind": kind, "organisation": organisation.pk}
    return jobs.enqueue(
        actor=actor,
        kind=MAKE_BUNDLE,
        scope=scope_of(publication.pk),
        params=params | {"appointment": actor.appointment.pk},
    )


def make_bundle(
    *, actor: Officer, publication: Publication, kind: str, organisation: Organisation, progress: Progress
) -> Bundle:
    """Make and keep it; of the same ledgers there is one already, and that one is returned."""
    can_bundle(actor, organisation).require()
    documents = documents_of(publication, bundle_scope(organisation))
    found = {"publication": publication, "kind": kind, "organisation": organisation}
    found |= {"inputs_sha256": _inputs(kind, documents)}
    kept = Bundle.objects.filter(**found).first()
    if kept is not None:
        return kept
    name = _name_of(organisation, documents)
    stored, pages = _store(publication, kind, name, documents, progress)
    row = Bundle(**found, name=name, ledgers=len(documents), pages=pages, file=stored, at=clock.now())
    return _keep(actor, row)


def _inputs(kind: str, documents: list[Document]) -> str:
    """Digest over what goes in: every ledger's number, content and PDF, and how it is bound."""
    listed = [[one.ledger.number, one.ledger.body_sha256, one.pdf.sha256] for one in documents]
    layout = volume_layout() if kind == BundleKind.VOLUME else ""
    return digest({"schema": SCHEMA, "kind": kind, "layout": layout, "ledgers": listed})


def _name_of(organisation: Organisation, documents: list[Document]) -> str:
    """As the ledgers call it: the street's name then, not today's."""
    own = (one.ledger.name for one in documents if one.ledger.organisation_id == organisation.pk)
    return next(own, "") if bundle_scope(organisation) else WHOLE_DISTRICT


def _store(
    publication: Publication, kind: str, name: str, documents: list[Document], progress: Progress
) -> tuple[StoredFile, int]:
    total = len(documents)
    progress(0, total, "正在装订")
    if kind == BundleKind.VOLUME:
        cover = _cover(publication.data, name, documents)
        return store_volume(cover, documents, lambda done: progress(done, total, "正在装订"))
    title = plain(f"{name}{_title(publication.data)}台账")
    return store_archive(title, documents, lambda done: progress(done, total, "正在打包"))


def _title(content: dict[str, Any]) -> str:
    return f"{words.month_words(content['month'])}{content['title']}月度考评"


def _cover(content: dict[str, Any], name: str, documents: list[Document]) -> Cover:
    published = content["published"]
    lines = (
        f"{len(documents)} 册，第 {content['number']} 次公布",
        f"{published['position']}　{published['by']}",
        words.day_words(published["at"]),
    )
    at = datetime.fromisoformat(published["at"])
    return Cover(f"{_title(content)}台账合订本", name, lines, at, content["label"])


def _keep(actor: Officer, row: Bundle) -> Bundle:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            payload = {"kind": row.kind, "organisation": row.organisation.code, "sha256": row.file.sha256}
            audit.record(actor=actor, verb="ledgers.bundle", subject=row, payload=payload)
    except IntegrityError:
        same = {"publication": row.publication, "kind": row.kind, "organisation": row.organisation}
        return Bundle.objects.get(**same, inputs_sha256=row.inputs_sha256)
    return row
