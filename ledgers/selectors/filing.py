"""The ledgers of a publication with their PDFs, in official order, of the district or of one street."""

from __future__ import annotations

from dataclasses import dataclass

from branches.choices import Level
from branches.models import Organisation
from core.errors import Conflict
from core.models import StoredFile
from ledgers.calc.filing import Card, Filed, file_all
from ledgers.models import Ledger, Rendering
from ledgers.selectors.issuing import streets_of, targets_of
from scoring.models import Publication


@dataclass(frozen=True, slots=True)
class Document:
    """A ledger in its place with the PDF that is handed out."""

    filed: Filed
    ledger: Ledger
    pdf: StoredFile


def documents_of(publication: Publication, street: Organisation | None = None) -> list[Document]:
    """Every ledger of the publication (or of one street and its communities) without bodies; Conflict while one is not
    issued or not drawn.
    """
    rows = Ledger.objects.filter(publication=publication).select_related("organisation", "street").defer("body")
    ledgers = {row.number: row for row in (rows.filter(street=street) if street else rows)}
    files = _latest_files(publication)
    missing = _missing(publication, street, ledgers, files)
    if missing:
        raise Conflict(f"{publication}还有 {missing} 册台账没有生成文件，请先生成本月台账。")
    filed = file_all(card_of(ledger) for ledger in ledgers.values())
    return [Document(one, ledgers[one.card.number], files[ledgers[one.card.number].pk]) for one in filed]


def _latest_files(publication: Publication) -> dict[int, StoredFile]:
    """The newest PDF of each ledger."""
    rows = Rendering.objects.filter(ledger__publication=publication).select_related("file").order_by("at", "pk")
    return {row.ledger_id: row.file for row in rows}


def _missing(
    publication: Publication, street: Organisation | None, ledgers: dict[str, Ledger], files: dict[int, StoredFile]
) -> int:
    """How many documents are not there: rows that are not issued, PDFs that are not drawn."""
    undrawn = sum(ledger.pk not in files for ledger in ledgers.values())
    if street is None:
        return undrawn + max(0, len(targets_of(publication)) - len(ledgers))
    communities = list(streets_of(publication.period).values()).count(street.pk)
    return undrawn + max(0, 1 + communities - len(ledgers))


def card_of(ledger: Ledger) -> Card:
    """What filing has to know of it."""
    return Card(
        number=ledger.number,
        kind=ledger.kind,
        kind_label=ledger.get_kind_display(),
        code=ledger.organisation.code,
        name=ledger.name,
        street_code=ledger.street.code if ledger.street else "",
        revision=ledger.revision,
    )


def bundle_scope(organisation: Organisation) -> Organisation | None:
    """The street a bundle is narrowed to; None for the district's."""
    return organisation if organisation.level == Level.STREET else None
