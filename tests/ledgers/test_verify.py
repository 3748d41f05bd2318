"""Rule 9: a paper or file is checked by number, code or bytes; the answer is one of four words."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from core import immutability
from core.services.files import path_of, read_file, store_bytes
from ledgers.calc.pdf_marks import Carried, marks_of
from ledgers.models import Bundle, DraftPrint, Ledger, Rendering
from ledgers.selectors.verification import Result, verdict_of_code, verdict_of_file, verdict_of_number
from ledgers.services import drawing
from ledgers.services.draft import request_draft
from ledgers.services.issue import issue_ledger
from ledgers.services.rendering import stamp_of
from scoring.choices import ReportKind
from scoring.models import Publication
from scoring.services.correction import Correction, correct_publication
from tests.ledgers.conftest import draw_by_stand_in
from tests.people import Town
from tests.scoring.month import Month, item_of, on

pytestmark = pytest.mark.django_db
NUMBER = "community-411002001006-2026-09-1"


def fuhou() -> Ledger:
    return Ledger.objects.get(number=NUMBER)


def kept_file(ledger: Ledger) -> bytes:
    return read_file(Rendering.objects.get(ledger=ledger).file)


def correct(town: Town, publication: Publication) -> None:
    item = item_of(publication.period, town.fuhou, 2)
    change = Correction(item=item, kind=ReportKind.POINTS, points=Decimal("6.00"), reason="复查")
    with on("2026-09", 50):
        correct_publication(
            actor=town.wang, second=town.wang2, period=publication.period, corrections=[change], reason="复查更正"
        )


def tamper(statement: str, *values: Any) -> None:
    """Change rows behind the portal's back."""
    with connection.cursor() as cursor:
        immutability.uninstall()
        cursor.execute(statement, values)
        immutability.install()


def test_a_kept_ledger_is_genuine_by_number_code_and_file(issued: list[Ledger]) -> None:
    ledger = fuhou()
    verdicts = [
        verdict_of_number(NUMBER),
        verdict_of_code(ledger.verify_code),
        verdict_of_code(f" {ledger.verify_code[:8].upper()}-{ledger.verify_code[8:]} "),
        verdict_of_file(kept_file(ledger)),
    ]
    assert [(verdict.result, verdict.ledger) for verdict in verdicts] == [(Result.GENUINE, ledger)] * 4


def test_a_corrected_month_says_which_correction(town: Town, publication: Publication, issued: list[Ledger]) -> None:
    correct(town, publication)
    verdict = verdict_of_number(NUMBER)
    assert (verdict.result, "已被第 1 次更正取代" in verdict.message) == (Result.SUPERSEDED, True)


@pytest.mark.parametrize("text", ["", "community-411002001006-2026-09-9", "0" * 16, "' or 1=1 --", "x" * 200])
def test_what_was_never_issued_is_unknown(issued: list[Ledger], text: str) -> None:
    assert [verdict_of_number(text).result, verdict_of_code(text).result] == [Result.UNKNOWN] * 2


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept + b"\n",
        lambda kept: kept[:-1],
        lambda kept: kept[1:],
        lambda kept: kept.replace(b"stand-in", b"stand-on"),
        lambda kept: kept + b"stream\n" + zlib.compress(b"more"),
        lambda kept: b"%PDF-1.7 stream\n" + zlib.compress(b"/Keywords (" + NUMBER.encode() + b")"),
    ],
    ids=["a byte more", "a byte less", "cut at the front", "other text", "a stream more", "only the packed number"],
)
def test_a_changed_file_is_altered(issued: list[Ledger], change: Any) -> None:
    verdict = verdict_of_file(change(kept_file(fuhou())))
    assert (verdict.result, verdict.ledger) == (Result.ALTERED, fuhou())


# -- a file that was really drawn, and what people do to it


@pytest.fixture
def drawn(town: Town, publication: Publication) -> bytes:
    """The PDF of 府后's ledger, issued and drawn for good; August's stands before it in the body."""
    ledger = issue_ledger(actor=town.wang, publication=publication, kind="community", organisation=town.fuhou)
    content = drawing.draw(ledger.data, stamp_of(ledger))
    environment = drawing.environment()
    Rendering.objects.create(
        ledger=ledger, render_environment=environment, file=store_bytes(content, media_type="application/pdf")
    )
    return content


def saved_again(content: bytes, change: Any = lambda writer: None) -> bytes:
    """As another program writes it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def other_body(writer: pypdf.PdfWriter) -> None:
    name, (body,) = next(iter(pypdf.PdfReader(io.BytesIO(whole(writer))).attachments.items()))
    del writer.root_object["/Names"], writer.root_object["/AF"]
    writer.add_attachment(name, body.replace(b'"points":"', b'"points":"9', 1))


def no_body(writer: pypdf.PdfWriter) -> None:
    attached = writer.root_object["/AF"][0].get_object()["/EF"]["/F"].get_object()
    attached.set_data(b"")


def whole(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_drawn_file_carries_the_very_body_whose_digest_it_prints(drawn: bytes) -> None:
    ledger = fuhou()
    assert verdict_of_file(drawn).result == Result.GENUINE
    assert marks_of(drawn).carried == [Carried(ledger.number, ledger.body_sha256)]
    assert marks_of(drawn).numbers[0] == ledger.number


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda writer: None, "随附的台账内容与签发的一致，但文件被改动或另存过"),
        (lambda writer: writer.add_metadata({"/Keywords": "community-1"}), "随附的台账内容与签发的一致"),
        (lambda writer: writer.add_blank_page(), "随附的台账内容与签发的一致"),
        (lambda writer: writer.pages[0].rotate(90), "随附的台账内容与签发的一致"),
        (other_body, "随附的台账内容与签发的不同"),
        (no_body, "随附的台账内容也不在了"),
    ],
    ids=["saved again", "other keywords", "a page more", "turned", "other body", "no body"],
)
def test_a_drawn_file_that_was_changed_says_how(drawn: bytes, change: Any, said: str) -> None:
    verdict = verdict_of_file(saved_again(drawn, change))
    assert (verdict.result, verdict.ledger, said in verdict.message) == (Result.ALTERED, fuhou(), True)


def test_a_body_names_itself_and_not_the_ledger_before_it(drawn: bytes) -> None:
    body = json.dumps(
        {"number": NUMBER, "previous": {"number": "community-411002001006-2026-08-1"}, "schema": 1},
        separators=(",", ":"),
    ).encode()
    packed = b"%PDF-1.7 stream\n" + zlib.compress(body)
    assert marks_of(packed).numbers == [NUMBER]
    assert verdict_of_file(packed).ledger == fuhou()


@pytest.mark.parametrize("body", [b'{"schema":1}', b'{"schema":', b'{"number":7,"schema":1}', b"[" * 100_000])
def test_what_only_looks_like_a_body_is_none(body: bytes) -> None:
    assert marks_of(b"stream\n" + zlib.compress(body)).carried == []


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"community-411002001006-2026-09", b"\x00" * 1000])
def test_a_foreign_file_is_unknown(issued: list[Ledger], content: bytes) -> None:
    assert verdict_of_file(content).result == Result.UNKNOWN


def test_a_draft_is_no_ledger(
    town: Town, month: Month, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    draw_by_stand_in(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        request_draft(actor=town.lin, period=month.period, organisation_code=town.fuhou.code)
    verdict = verdict_of_file(read_file(DraftPrint.objects.get().file))
    assert (verdict.result, "送审稿" in verdict.message) == (Result.UNKNOWN, True)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE ledgers_ledger SET body = REPLACE(body, '府后社区', '府前社区')", "台账内容与其摘要不符"),
        ("UPDATE ledgers_ledger SET body_sha256 = '" + "0" * 64 + "'", "台账内容与其摘要不符"),
        ("UPDATE scoring_publication SET content = REPLACE(content, '府后社区', '府前社区')", "公布内容与其摘要不符"),
        ("UPDATE ledgers_ledger SET kind = 'street'", "台账内容与公布内容不符"),
    ],
)
def test_rows_changed_behind_the_portal_are_altered(issued: list[Ledger], statement: str, fault: str) -> None:
    tamper(f"{statement} {'WHERE number = %s' if 'ledgers_ledger' in statement else ''}", *_number_of(statement))
    verdict = verdict_of_number(NUMBER)
    assert (verdict.result, fault in verdict.message) == (Result.ALTERED, True)


def _number_of(statement: str) -> list[str]:
    return [NUMBER] if "ledgers_ledger" in statement else []


def test_packed_bombs_are_not_unpacked() -> None:
    bomb = b"stream\n" + zlib.compress(b"\x00" * 200_000_000, 9)
    assert marks_of(bomb * 3 + NUMBER.encode()).numbers == [NUMBER]


@pytest.mark.parametrize(
    "content",
    [b"stream\n" * 1_400_000, (b"stream\nx\x9c" + b"\x00\x00\x00\xff\xff" * 400) * 5_000],
    ids=["only marks", "streams that unpack to nothing"],
)
def test_a_file_of_nothing_but_streams_takes_no_time(content: bytes) -> None:
    started = time.process_time()
    assert marks_of(content).carried == []
    assert time.process_time() - started < 5


@pytest.mark.parametrize("number", ["a\u0000", "\ud800", "community-1-2026-09", f"{NUMBER} ", 7, None])
def test_a_body_with_another_number_than_a_ledger_has_is_none(number: Any) -> None:
    body = json.dumps({"number": number, "schema": 1}, separators=(",", ":")).encode()
    assert marks_of(b"stream\n" + zlib.compress(body)).carried == []


# -- the page, for everybody


def posted(**fields: Any) -> Any:
    return Client().post("/verify/", fields)


def test_without_an_account_a_number_tells_result_and_title_only(issued: list[Ledger]) -> None:
    page = posted(typed=NUMBER).content.decode()
    assert ("签发属实，现行有效" in page, "社区月度考评台账" in page) == (True, True)
    assert [text in page for text in ("林", "争当好支书", fuhou().verify_code, fuhou().body_sha256)] == [False] * 4


def test_the_code_shows_what_is_printed(issued: list[Ledger]) -> None:
    answer = posted(typed=fuhou().verify_code)
    assert answer["Location"] == f"/verify/{fuhou().verify_code}/"
    page = Client().get(answer["Location"]).content.decode()
    assert [row["title"] in page for row in fuhou().data["rows"]] == [True] * len(fuhou().data["rows"])
    assert Client().get("/verify/0000000000000000/").status_code == 404


def test_a_file_is_compared_and_not_kept(issued: list[Ledger]) -> None:
    from core.models import StoredFile

    before = StoredFile.objects.count()
    page = posted(file=SimpleUploadedFile("台账.pdf", kept_file(fuhou()) + b" ")).content.decode()
    assert ("与签发的不一致" in page, StoredFile.objects.count()) == (True, before)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"typed": "x" * 81},
        {"typed": "a\x00b"},
        {"typed": NUMBER, "file": SimpleUploadedFile("a.pdf", b"x")},
        {"file": SimpleUploadedFile("a.pdf", b"")},
    ],
    ids=["nothing", "too long", "NUL", "both", "empty file"],
)
def test_bad_input_is_told(issued: list[Ledger], fields: dict[str, Any]) -> None:
    answer = posted(**fields)
    assert (answer.status_code, "errorlist" in answer.content.decode()) == (422, True)


# -- several ledgers in one file


def packed(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"西大街道/{name.replace('_', '.')}", content)
    return made.getvalue()


def results_of(verdict: Any) -> list[tuple[str, str]]:
    return [(name, part.result.value) for name, part in verdict.parts]


def test_an_archive_is_answered_ledger_by_ledger(issued: list[Ledger]) -> None:
    own, other = kept_file(fuhou()), kept_file(issued[0])
    verdict = verdict_of_file(packed(a_pdf=own, b_PDF=other, b_xlsx=b"not judged"))
    assert (verdict.result, results_of(verdict)) == (Result.GENUINE, [("a.pdf", "genuine"), ("b.PDF", "genuine")])
    assert [part.ledger for _, part in verdict.parts] == [fuhou(), issued[0]]


def test_one_altered_ledger_spoils_the_archive_and_is_named(issued: list[Ledger]) -> None:
    verdict = verdict_of_file(packed(a_pdf=kept_file(issued[0]), b_pdf=kept_file(fuhou()) + b" ", c_pdf=b"%PDF other"))
    assert (verdict.result, results_of(verdict)) == (
        Result.ALTERED,
        [("a.pdf", "genuine"), ("b.pdf", "altered"), ("c.pdf", "unknown")],
    )
    assert verdict.parts[1][1].ledger == fuhou()


def test_a_superseded_archive_says_so(town: Town, publication: Publication, issued: list[Ledger]) -> None:
    content = packed(a_pdf=kept_file(fuhou()))
    correct(town, publication)
    verdict = verdict_of_file(content)
    assert (verdict.result, results_of(verdict)) == (Result.SUPERSEDED, [("a.pdf", "superseded")])


def test_only_a_few_strange_files_are_looked_into(issued: list[Ledger]) -> None:
    strange = {f"s{place}_pdf": kept_file(fuhou()) + b" " * (place + 1) for place in range(6)}
    verdict = verdict_of_file(packed(**strange, z_pdf=kept_file(fuhou())))
    assert [result for _, result in results_of(verdict)] == [*["altered"] * 5, "unknown", "genuine"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed(**{f"a{place}_pdf": b"%PDF" for place in range(41)}), "超过 40 册"),
        (packed(a_pdf=b"0" * (17 * 1024 * 1024)), "解开以后太大"),
        (packed(a_txt=b"x"), "没有 PDF"),
        (packed(a_pdf=b"x")[:-30], "打不开"),
        (b"PK\x03\x04" + b"x" * 100, "打不开"),
    ],
    ids=["too many", "a bomb", "no PDF", "cut off", "only the mark"],
)
def test_a_zip_that_is_not_looked_into_says_what_to_do(issued: list[Ledger], content: bytes, said: str) -> None:
    verdict = verdict_of_file(content)
    assert (verdict.result, said in verdict.message, verdict.parts) == (Result.UNKNOWN, True, ())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_what_is_cut_while_unpacking_is_unpacked(issued: list[Ledger], method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a.pdf", b"\x00" * 1_000_000)
    verdict = verdict_of_file(made.getvalue())
    assert (verdict.result, "压缩方式" in verdict.message) == (Result.UNKNOWN, True)


def test_a_name_that_is_no_text_and_a_workbook_are_told(issued: list[Ledger]) -> None:
    spoilt = packed(ä_pdf=b"x").replace("ä".encode(), b"\xff\xff")
    assert "打不开" in verdict_of_file(spoilt).message
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as workbook:
        workbook.writestr("xl/workbook.xml", b"<workbook/>")
    assert "Excel 文件，没有签章" in verdict_of_file(made.getvalue()).message


def test_one_damaged_file_does_not_spoil_the_others(issued: list[Ledger]) -> None:
    good, bad = kept_file(issued[0]), b"damaged" * 100
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.pdf", good)
        archive.writestr("b.pdf", bad)
    verdict = verdict_of_file(made.getvalue().replace(bad, b"Damaged" * 100))
    assert results_of(verdict) == [("a.pdf", "genuine"), ("b.pdf", "unknown")]


def test_a_volume_of_very_many_is_not_looked_up(issued: list[Ledger], django_assert_max_num_queries: Any) -> None:
    bodies = [json.dumps({"number": f"{NUMBER[:-1]}{n}", "schema": 1}, separators=(",", ":")) for n in range(151)]
    content = b"%PDF-1.7 " + b"".join(b"stream\n" + zlib.compress(body.encode()) for body in bodies)
    with django_assert_max_num_queries(5):
        verdict = verdict_of_file(content)
    assert (verdict.result, "超过 150 册" in verdict.message) == (Result.UNKNOWN, True)


def volume_of(*ledgers: Ledger, change: Any = lambda body: body) -> bytes:
    """What stands for a bound volume here: one file that carries these bodies."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    for ledger in ledgers:
        writer.add_attachment(f"{ledger.number}.json", change(ledger.body.encode()))
    return whole(writer)


def bound_volume(ledger: Ledger, content: bytes) -> None:
    Bundle.objects.create(
        publication=ledger.publication,
        kind="volume",
        organisation=ledger.organisation,
        name="西大街道",
        inputs_sha256="0" * 64,
        ledgers=2,
        pages=1,
        file=store_bytes(content, media_type="application/pdf"),
    )


def test_a_kept_volume_is_answered_ledger_by_ledger(issued: list[Ledger]) -> None:
    content = volume_of(issued[0], fuhou())
    bound_volume(fuhou(), content)
    verdict = verdict_of_file(content)
    assert (verdict.result, sorted(results_of(verdict))) == (
        Result.GENUINE,
        sorted((ledger.number, "genuine") for ledger in (issued[0], fuhou())),
    )


def test_a_changed_volume_is_altered_and_its_contents_are_told(issued: list[Ledger]) -> None:
    content = volume_of(issued[0], fuhou())
    bound_volume(fuhou(), content)
    verdict = verdict_of_file(content + b" ")
    assert (verdict.result, [result for _, result in results_of(verdict)]) == (Result.ALTERED, ["altered"] * 2)
    said = "随附的台账内容与签发的一致，但文件被改动或另存过，版面上的字不能作准；请以系统里的文件为准。"
    assert {part.message for _, part in verdict.parts} == {said}


def test_a_changed_content_in_a_volume_is_named(issued: list[Ledger]) -> None:
    changed = volume_of(issued[0], fuhou(), change=lambda body: body.replace(b'"total":"', b'"total":"9'))
    verdict = verdict_of_file(changed)
    said = {name: part.message for name, part in verdict.parts}
    assert (verdict.result, said[fuhou().number]) == (Result.ALTERED, "随附的台账内容与签发的不同。")


def test_the_page_lists_them_without_an_account(issued: list[Ledger]) -> None:
    content = packed(good_pdf=kept_file(issued[0]), bad_pdf=kept_file(fuhou()) + b" ")
    page = posted(file=SimpleUploadedFile("档案包.zip", content)).content.decode()
    rows = re.findall(r'<th scope="row">([^<]+)</th><td data-label="结果">([^<]+)</td>', page)
    assert rows == [("good.pdf", "✓ 属实"), ("bad.pdf", "✗ 与签发的不一致")]


def test_a_file_beyond_the_limit_is_told_what_to_do(issued: list[Ledger]) -> None:
    answer = posted(file=SimpleUploadedFile("全区.zip", b"PK\x03\x04" + b"0" * (10 * 1024 * 1024)))
    assert (answer.status_code, "请解开，逐册核验 PDF" in answer.content.decode()) == (422, True)


# -- the command


def run(*names: str) -> tuple[str, bool]:
    said = io.StringIO()
    try:
        call_command("verify_ledgers", *names, stdout=said)
    except CommandError:
        return said.getvalue(), False
    return said.getvalue(), True


def test_the_command_walks_everything_that_is_kept(issued: list[Ledger]) -> None:
    assert run() == ("核对台账 15 册，不属实 0 册。\n", True)
    path_of(Rendering.objects.get(ledger=fuhou()).file.sha256).write_bytes(b"other")
    said, is_well = run()
    assert (f"{NUMBER}：保存的 PDF 不见了，或与其摘要不符。" in said, is_well) == (True, False)


def test_the_command_judges_files(issued: list[Ledger], tmp_path: Path) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(kept_file(fuhou()))
    bad.write_bytes(kept_file(fuhou()) + b" ")
    assert run(str(good)) == (f"{good}：属实。签发属实，现行有效。\n", True)
    assert run(str(good), str(bad))[1] is False
    with pytest.raises(CommandError, match="读不出来"):
        call_command("verify_ledgers", str(tmp_path / "none.pdf"))
