"""A past month is drawn again, byte by byte, whatever has happened since: rule 9. PDFs are drawn in earnest."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from branches.services.placing import move_organisation, rename_organisation
from core import pdf
from core.pdf import renderer
from core.services.files import read_file
from ledgers.models import Ledger, Rendering
from ledgers.selectors.verification import faults_of
from ledgers.services import drawing
from ledgers.services.issue import issue_and_draw
from ledgers.services.rendering import stamp_of
from ledgers.services.rerender import Redrawn, rerender
from ledgers.services.spreadsheet import ledger_workbook
from scoring.models import Publication
from scoring.services.rubric import draft_edition, publish_rubric
from tests.ledgers.conftest import no_progress
from tests.people import Town
from tests.scoring.month import on, sample_editions

pytestmark = pytest.mark.django_db


@pytest.fixture
def fuhou(town: Town, publication: Publication) -> Ledger:
    """府后's September, drawn."""
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress, organisation=town.fuhou.code)
    return Ledger.objects.get(organisation=town.fuhou)


def kept(ledger: Ledger) -> bytes:
    return read_file(ledger.renderings.get().file)


def test_after_a_new_name_another_street_and_a_new_rubric(town: Town, fuhou: Ledger) -> None:
    before, workbook, publication = kept(fuhou), ledger_workbook(fuhou), fuhou.publication
    paper: dict[str, Any] = {"document_no": "魏组〔2026〕9号", "reason": "区划调整"}
    paper["starts_on"] = publication.period.month.replace(month=11)
    with on("2026-10", 20):
        rename_organisation(actor=town.wang, organisation=town.fuhou, name="府前社区", **paper)
        move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, **paper)
        edition = draft_edition(
            actor=town.wang,
            programme=publication.period.programme,
            edition=sample_editions()[0],
            first_month=publication.period.month.replace(month=11),
        )
        publish_rubric(actor=town.wang, rubric=edition)
    again = Ledger.objects.get(pk=fuhou.pk)
    with on("2026-11", 28):
        assert faults_of(again) == []
        assert drawing.draw(again.data, stamp_of(again)) == before
        assert ledger_workbook(again) == workbook
        assert [found.answer for found in rerender(publication)] == [Redrawn.SAME]


def test_in_another_time_zone_and_in_new_processes(fuhou: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept(fuhou)
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.setenv("LC_ALL", "C")
    renderer.shut_down()
    try:
        with on("2027-02", 3):
            assert drawing.draw(fuhou.data, stamp_of(fuhou)) == before
    finally:
        renderer.shut_down()


def test_in_another_order_of_work(town: Town, fuhou: Ledger) -> None:
    """Behind a ranking and in front of a street, in a process that has drawn others."""
    for kind in ("ranking", "street"):
        issue_and_draw(actor=town.wang, publication=fuhou.publication, progress=no_progress, kind=kind)
    ledgers = {ledger.pk: ledger for ledger in Ledger.objects.order_by("-kind", "-number")}
    bodies = ((pk, ledger.data, stamp_of(ledger)) for pk, ledger in ledgers.items())
    drawn = dict(drawing.draw_many(bodies))
    assert drawn == {pk: kept(ledger) for pk, ledger in ledgers.items()}


@pytest.mark.django_db(transaction=True)
def test_after_dump_and_restore(town: Town, fuhou: Ledger, tmp_path: Path) -> None:
    """Another database with the same rows. The audit chain needs a copy of the database itself: `dumpdata` cuts moments
    to milliseconds.
    """
    before, sha256, dump = kept(fuhou), fuhou.body_sha256, tmp_path / "dump.json"
    left_out = ["contenttypes", "auth.permission", "sessions"]
    call_command("dumpdata", exclude=left_out, output=str(dump), verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    assert Rendering.objects.count() == 0
    call_command("loaddata", str(dump), verbosity=0)
    restored = Ledger.objects.get()
    assert (restored.body_sha256, faults_of(restored), kept(restored)) == (sha256, [], before)
    assert drawing.draw(restored.data, stamp_of(restored)) == before
    call_command("verify_ledgers", stdout=io.StringIO())


def test_another_environment_is_told_from_other_content(fuhou: Ledger, settings: object) -> None:
    """A QR picture that leads elsewhere is another print of the same content."""
    settings.PUBLIC_URL = "http://10.1.2.3"  # type: ignore[attr-defined]
    assert [found.answer for found in rerender(fuhou.publication)] == [Redrawn.SAME_CONTENT]
    assert pdf.render_environment() != drawing.environment()
