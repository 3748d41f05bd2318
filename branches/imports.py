"""Reading a list of streets and communities: every problem of the file at once, by row and column."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace

from branches.choices import PartyForm, Track
from branches.services import words
from core.errors import Invalid

REQUIRED = ("street_code", "street", "community_code", "community")
OPTIONAL = ("track", "form", "aliases")
ATTRIBUTE_COLUMNS = ("code", *OPTIONAL)
MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_SHOWN = 100
_ALIAS_SEPARATOR = re.compile(r"[、|;；]")
_CODE = {"street_code": re.compile(r"[0-9]{9}", re.ASCII), "community_code": re.compile(r"[0-9]{12}", re.ASCII)}
_LABELS = {"street_code": "街道代码", "community_code": "社区代码"}


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place of the file; row 1 is the heading, an empty column means the whole row."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"第{self.row}行" + (f"“{self.column}”列" if self.column else "")
        return f"{place}：{self.message}"


@dataclass(frozen=True)
class Attributes:
    """What a file may say beyond names; blank means it says nothing."""

    track: str = ""
    form: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListedRow:
    """One community with its street as the file states it."""

    row: int
    street_code: str
    street: str
    community_code: str
    community: str
    attributes: Attributes = field(default_factory=Attributes)


@dataclass
class Listing:
    """A file as read: its rows and everything wrong with it."""

    rows: list[ListedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def problems_error(problems: list[Problem]) -> Invalid:
    """All problems as one refusal; the first hundred are spelled out."""
    errors = {str(number): [str(problem)] for number, problem in enumerate(problems[:MAX_SHOWN], start=1)}
    return Invalid(f"文件有{len(problems)}处问题，没有导入任何内容。", errors)


def read_listing(content: bytes) -> Listing:
    """Streets and communities from CSV (UTF-8 with or without BOM, GB18030); Invalid if it is no such table at all."""
    listing = Listing()
    for number, values in _table(content, REQUIRED, listing.problems):
        row = _listed_row(number, values, listing.problems)
        if row is not None:
            listing.rows.append(row)
    _find_contradictions(listing)
    return listing


def read_attributes(content: bytes) -> dict[str, Attributes]:
    """Attributes by code from a CSV with the columns code, track, form, aliases; Invalid with all problems."""
    problems: list[Problem] = []
    found = {
        values["code"].strip(): _attributes(number, values, problems)
        for number, values in _table(content, ATTRIBUTE_COLUMNS, problems)
    }
    if problems:
        raise problems_error(problems)
    return found


def with_attributes(rows: list[ListedRow], attributes: dict[str, Attributes]) -> list[ListedRow]:
    """Rows whose own columns say nothing take what is known of their code."""
    return [
        replace(row, attributes=attributes[row.community_code])
        if row.attributes == Attributes() and row.community_code in attributes
        else row
        for row in rows
    ]


def _table(content: bytes, wanted: tuple[str, ...], problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise Invalid(f"第{reader.line_num}行不是正确的CSV：引号不配对或单元格过长。") from error
    if not lines:
        raise Invalid("文件是空的。")
    if len(lines) > MAX_ROWS + 1:
        raise Invalid(f"文件超过{MAX_ROWS}行。")
    heading = [cell.strip() for cell in lines[0][1]]
    _check_heading(heading, wanted)
    for number, line in lines[1:]:
        if len(line) != len(heading):
            problems.append(Problem(number, "", f"应有{len(heading)}列，实有{len(line)}列。"))
    return [(number, dict(zip(heading, line, strict=True))) for number, line in lines[1:] if len(line) == len(heading)]


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Invalid("文件超过5MB。")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Invalid("这是Excel文件，请另存为CSV（逗号分隔）后再导入。")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise Invalid("不是可识别的文本文件，请另存为UTF-8编码的CSV。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("文字编码无法识别，请另存为UTF-8编码的CSV。")


def _check_heading(heading: list[str], wanted: tuple[str, ...]) -> None:
    missing = [column for column in wanted if column not in heading]
    twice = [column for column, times in Counter(heading).items() if times > 1]
    if missing:
        raise Invalid(f"第1行缺少列：{'、'.join(missing)}。")
    if twice:
        raise Invalid(f"第1行的列重复：{'、'.join(twice)[:80]}。")


def _listed_row(number: int, values: dict[str, str], problems: list[Problem]) -> ListedRow | None:
    before = len(problems)
    codes = {column: values[column].strip() for column in _CODE}
    for column, pattern in _CODE.items():
        if not pattern.fullmatch(codes[column]):
            digits = 9 if column == "street_code" else 12
            problems.append(Problem(number, column, f"{_LABELS[column]}须为{digits}位数字。"))
    names = {column: _name(number, column, values, problems) for column in ("street", "community")}
    attributes = _attributes(number, values, problems)
    if len(problems) > before:
        return None
    return ListedRow(row=number, **codes, **names, attributes=attributes)


def _name(number: int, column: str, values: dict[str, str], problems: list[Problem]) -> str:
    try:
        return words.organisation_name(values[column])
    except Invalid as error:
        problems.append(Problem(number, column, error.message))
        return ""


def _attributes(number: int, values: dict[str, str], problems: list[Problem]) -> Attributes:
    aliases = []
    for text in _ALIAS_SEPARATOR.split(values.get("aliases", "")):
        if text.strip():
            aliases.append(_name(number, "aliases", {"aliases": text}, problems))
    return Attributes(
        track=_choice(number, "track", values, dict(Track.choices), problems),
        form=_choice(number, "form", values, dict(PartyForm.choices), problems),
        aliases=tuple(aliases),
    )


def _choice(number: int, column: str, values: dict[str, str], known: dict, problems: list[Problem]) -> str:
    text = values.get(column, "").strip()
    by_label = {str(label): value for value, label in known.items()}
    if text and text not in known and text not in by_label:
        problems.append(Problem(number, column, f"只能填{'、'.join(by_label)}，或留空。"))
    return by_label.get(text, text)


def _find_contradictions(listing: Listing) -> None:
    first: dict[str, ListedRow] = {}
    streets: dict[str, ListedRow] = {}
    for row in listing.rows:
        earlier = first.setdefault(row.community_code, row)
        if earlier is not row:
            message = f"社区代码与第{earlier.row}行重复。"
            listing.problems.append(Problem(row.row, "community_code", message))
        known = streets.setdefault(row.street_code, row)
        if known.street != row.street:
            message = f"与第{known.row}行的街道代码相同，名称却不同（{known.street}）。"
            listing.problems.append(Problem(row.row, "street", message))
    listing.problems.sort(key=lambda problem: problem.row)
