"""Archive and bound volume: official order, names for Windows, an index that tells the truth, nobody else's ledgers."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from core.errors import Conflict, Forbidden
from core.models import AuditEntry, Job
from core.selectors.chain import chain_mark
from core.services import jobs
from core.services.files import read_file
from ledgers.models import Bundle, BundleKind, Ledger
from ledgers.selectors.filing import documents_of
from ledgers.services.bundle import make_bundle, request_bundle
from ledgers.services.issue import issue_and_draw, issue_ledger
from ledgers.services.spreadsheet import ledger_workbook
from scoring.models import Publication
from tests.ledgers.conftest import ALL_LEDGERS, no_progress
from tests.ledgers.pdfs import PAGES, draw_small_pdfs
from tests.people import Town

pytestmark = pytest.mark.django_db
STREET_LEDGERS = 3  # 西大街道 and its two communities


@pytest.fixture
def bound(town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch) -> Publication:
    """September with its ledgers as small PDFs."""
    draw_small_pdfs(monkeypatch)
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    return publication


def made(town: Town, publication: Publication, kind: str, organisation: Any, actor: Any = None) -> Bundle:
    return make_bundle(
        actor=actor or town.wang,
        publication=publication,
        kind=kind,
        organisation=organisation,
        progress=no_progress,
    )


def unpacked(bundle: Bundle) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(read_file(bundle.file)))


def test_the_archive_is_in_official_order_with_names_windows_reads(town: Town, bound: Publication) -> None:
    archive = unpacked(made(town, bound, BundleKind.ARCHIVE, town.district))
    root = "全区2026年9月“五星”支部创建月度考评台账"
    names = [entry.filename for entry in archive.infolist()]
    assert names[:2] == [f"{root}/01 全区/001 全区 全区考评排名台账.{ending}" for ending in ("pdf", "xlsx")]
    assert [name.split("/")[1] for name in names[::2]] == [
        *["01 全区"] * 4,
        *["02 专班"] * 5,
        *["03 西大街道"] * 3,
        *["04 五一路街道"] * 3,
        "目录.xlsx",
    ]
    assert names[-1] == f"{root}/目录.html"
    assert {entry.flag_bits & 0x800 for entry in archive.infolist()} == {0x800}
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert archive.testzip() is None


def test_the_index_names_every_file_by_its_digest(town: Town, bound: Publication) -> None:
    bundle = made(town, bound, BundleKind.ARCHIVE, town.district)
    archive = unpacked(bundle)
    files = {entry.filename.partition("/")[2]: archive.read(entry) for entry in archive.infolist()}
    page = load_workbook(io.BytesIO(files["目录.xlsx"]))["目录"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
    assert len(rows) == ALL_LEDGERS
    for place, (number, _name, _kind, ledger, pdf, pages, pdf_sha, xlsx, xlsx_sha, body_sha) in enumerate(rows, 1):
        found = Ledger.objects.get(number=ledger)
        assert (number, body_sha, pages) == (place, found.body_sha256, PAGES[found.kind])
        assert hashlib.sha256(files[pdf]).hexdigest() == pdf_sha == found.renderings.get().file.sha256
        assert hashlib.sha256(files[xlsx]).hexdigest() == xlsx_sha
        assert files[xlsx] == ledger_workbook(found)
        assert (pdf_sha in files["目录.html"].decode(), xlsx_sha in files["目录.html"].decode()) == (True, True)
    assert bundle.pages == sum(row[5] for row in rows)


def test_the_index_holds_the_end_of_the_audit_chain(town: Town, bound: Publication) -> None:
    mark = chain_mark()
    archive = unpacked(made(town, bound, BundleKind.ARCHIVE, town.district))
    page = archive.read(archive.namelist()[-1]).decode()
    assert f"审计链头：第 {mark.seq} 条，{mark.at}，{mark.hash}" in page
    assert AuditEntry.objects.get(seq=mark.seq).row_hash == mark.hash


def test_but_for_the_chain_the_archive_repeats(town: Town, bound: Publication, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.selectors.chain import ChainMark
    from ledgers.services import archive

    monkeypatch.setattr(archive, "chain_mark", lambda: ChainMark(1, "a", "—"))
    first = made(town, bound, BundleKind.ARCHIVE, town.district)
    content = read_file(first.file)
    first.delete()
    assert read_file(made(town, bound, BundleKind.ARCHIVE, town.district).file) == content


def test_of_the_same_ledgers_there_is_one_bundle(town: Town, bound: Publication) -> None:
    first = made(town, bound, BundleKind.ARCHIVE, town.district)
    assert made(town, bound, BundleKind.ARCHIVE, town.district, town.wang2) == first
    assert AuditEntry.objects.filter(verb="ledgers.bundle").count() == 1


@pytest.mark.parametrize("kind", BundleKind.values)
def test_a_street_has_its_own_ledgers_and_no_others(town: Town, bound: Publication, kind: str) -> None:
    street = town.streets[0]
    bundle = made(town, bound, kind, street, town.zhou)
    assert (bundle.name, bundle.ledgers) == ("西大街道", STREET_LEDGERS)
    listed = [one.ledger.number for one in documents_of(bound, street)]
    assert listed == [
        "street-411002001-2026-09-1",
        "community-411002001001-2026-09-1",
        "community-411002001006-2026-09-1",
    ]
    if kind == BundleKind.ARCHIVE:
        assert len(unpacked(bundle).namelist()) == 2 * STREET_LEDGERS + 2


def test_only_the_street_itself_and_the_office_have_it_made(town: Town, bound: Publication) -> None:
    for officer in (town.lin, town.wu, town.zheng[0], town.sysadmin):
        with pytest.raises(Forbidden):
            made(town, bound, BundleKind.ARCHIVE, town.streets[0], officer)
    with pytest.raises(Forbidden, match="其他的请区创建办生成"):
        made(town, bound, BundleKind.ARCHIVE, town.district, town.zhou)
    assert Bundle.objects.count() == 0


def test_only_who_reads_the_place_sees_its_bundle(town: Town, bound: Publication) -> None:
    for organisation in (town.district, town.streets[0]):
        made(town, bound, BundleKind.ARCHIVE, organisation)
    seen = {
        key: sorted(Bundle.objects.visible_to(officer.user).values_list("name", flat=True))
        for key, officer in town.everybody.items()
        if key in ("wang", "reader", "zhou", "wu", "lin", "zheng1", "sysadmin", "auditor")
    }
    both = ["全区", "西大街道"]
    assert seen == {
        **{"wang": both, "reader": both, "zhou": ["西大街道"]},
        **{key: [] for key in ("wu", "lin", "zheng1", "sysadmin", "auditor")},
    }


def test_a_month_that_is_not_drawn_has_no_bundle(town: Town, publication: Publication) -> None:
    issue_ledger(actor=town.wang, publication=publication, kind="street", organisation=town.streets[0])
    with pytest.raises(Conflict, match="还有 15 册台账没有生成文件"):
        request_bundle(actor=town.wang, publication=publication, kind="archive", organisation=town.district)
    with pytest.raises(Conflict, match="还有 3 册台账没有生成文件"):
        request_bundle(actor=town.zhou, publication=publication, kind="volume", organisation=town.streets[0])
    assert Job.objects.filter(kind="make_bundle").count() == 0


def test_the_job_makes_it_under_the_rights_of_who_asked(
    town: Town, bound: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    wanted = {"publication": bound, "kind": "archive", "organisation": town.streets[0]}
    job, left = (request_bundle(actor=actor, **wanted) for actor in (town.zhou, town.wang))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == ("done", f"西大街道台账档案包已生成：3 册，{Bundle.objects.get().pages} 页。")
    town.wang.appointment.ends_on = town.wang.appointment.starts_on.replace(year=2026, month=1)
    town.wang.appointment.save(update_fields=["ends_on"])
    jobs.run(left.pk)
    left.refresh_from_db()
    assert left.state == Job.State.FAILED


# -- the bound volume


@pytest.fixture
def volume(town: Town, bound: Publication) -> PdfReader:
    return PdfReader(io.BytesIO(read_file(made(town, bound, BundleKind.VOLUME, town.district).file)))


def text_of(volume: PdfReader, page: int) -> str:
    """Of a page counted from 1, without spaces."""
    return "".join(volume.pages[page - 1].extract_text().split())


def starts_of(volume: PdfReader) -> dict[str, int]:
    """Every ledger of the bookmarks with its page, counted from 1."""
    found: dict[str, int] = {}
    for item in volume.outline:
        for one in item if isinstance(item, list) else []:
            found[str(one.title)] = volume.get_destination_page_number(one) + 1
    return found


def test_every_ledger_starts_on_an_odd_page(volume: PdfReader) -> None:
    starts = starts_of(volume)
    assert len(starts) == ALL_LEDGERS
    assert [page for page in starts.values() if page % 2 == 0] == []
    lengths = {"全区": 2, "专班": 3, "街道月": 1, "社区月": 3}
    ordered = sorted(starts.items(), key=lambda item: item[1])
    for (title, page), (_, after) in zip(ordered, ordered[1:], strict=False):
        pages = next(count for word, count in lengths.items() if word in title)
        assert after - page == pages + pages % 2, title


def test_the_contents_name_the_pages(volume: PdfReader) -> None:
    contents = text_of(volume, 3)
    assert "目录" in contents
    for title, page in starts_of(volume).items():
        name, _, kind = title.rpartition(" ")
        assert f"{name}{kind}{page}" in contents, title


def test_every_page_but_the_cover_says_which_of_how_many(volume: PdfReader) -> None:
    total = len(volume.pages)
    assert "第1页" not in text_of(volume, 1)
    assert [text_of(volume, page) for page in (2, 6, total)] == [f"第{page}页共{total}页" for page in (2, 6, total)]
    assert "台账合订本" in text_of(volume, 1)
    assert total % 2 == 0


def test_a_blank_page_is_like_the_one_before_it(volume: PdfReader) -> None:
    """A sheet across is followed by a sheet across: it lies on the back of the same paper."""
    street = starts_of(volume)["西大街道 街道月度考评台账"]
    sizes = [tuple(map(round, page.mediabox[2:])) for page in volume.pages]
    assert sizes[street - 1] == sizes[street] == (842, 595)


def test_the_volume_repeats_byte_by_byte(town: Town, bound: Publication) -> None:
    first = made(town, bound, BundleKind.VOLUME, town.streets[0])
    content = read_file(first.file)
    first.delete()
    assert read_file(made(town, bound, BundleKind.VOLUME, town.streets[0]).file) == content
