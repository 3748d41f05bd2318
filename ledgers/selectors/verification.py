"""Is this paper or file what was issued? Four answers, and to whom they say how much (rule 9).

The number stands openly on paper, so it tells the result and the title only; the random code comes from the paper
itself and shows what is printed; a file is compared byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet, TextChoices

from core.canonical import canonical_text, text_digest
from ledgers.calc.bodies import body_of
from ledgers.calc.frame import NotInContent
from ledgers.calc.limits import ON_THE_WEB, Limits
from ledgers.calc.packages import Packed, Unreadable, is_zip, pdfs_in
from ledgers.calc.pdf_marks import Carried, marks_of
from ledgers.models import Bundle, DraftPrint, Ledger, Rendering
from scoring.models import Publication


class Result(TextChoices):
    GENUINE = "genuine", "属实"
    SUPERSEDED = "superseded", "属实，已被更正取代"
    ALTERED = "altered", "与签发的不一致"
    UNKNOWN = "unknown", "查无此件"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer in a word and in a sentence; `ledger` only where there is one to name. A file that holds several
    ledgers has an answer for each in `parts`, as (what it is called in the file, the answer).
    """

    result: Result
    message: str
    ledger: Ledger | None = None
    parts: tuple[tuple[str, Verdict], ...] = ()


MOST_STRANGERS = 5
_CODE = re.compile(r"[0-9a-f]{16}")


def verdict_of_number(number: str) -> Verdict:
    """By the number printed on every page."""
    ledger = _ledgers().filter(number=number).first()
    return _verdict(ledger) if ledger else _unknown(f"没有编号为 {number} 的台账。请核对编号，连同末尾的版次。")


def verdict_of_code(code: str) -> Verdict:
    """By the code printed beside the QR picture; spaces, hyphens and capitals do not matter."""
    plain = plain_code(code)
    ledger = _ledgers().filter(verify_code=plain).first() if _CODE.fullmatch(plain) else None
    return _verdict(ledger) if ledger else _unknown("没有这个验证码。请核对纸上二维码旁的 16 位字符。")


def verdict_of_file(content: bytes, limits: Limits = ON_THE_WEB) -> Verdict:
    """By the file itself: its bytes are those of a kept rendering, or it only claims to be a ledger, or neither. Volume
    and ZIP are answered ledger by ledger.
    """
    kept = _kept_verdict(content)
    if kept is not None:
        return kept
    return _of_zip(content, limits) if is_zip(content) else _of_stranger(content, limits)


def _kept_verdict(content: bytes) -> Verdict | None:
    """Of a file that is kept as the rendering of a ledger."""
    sha256 = hashlib.sha256(content).hexdigest()
    kept = Rendering.objects.filter(file__sha256=sha256).order_by("pk").first()
    return _verdict(_ledgers().get(pk=kept.ledger_id)) if kept else None


def _of_stranger(content: bytes, limits: Limits) -> Verdict:
    """Of a file that is no ledger as it was issued: what it says it is."""
    sha256 = hashlib.sha256(content).hexdigest()
    carried, numbers = marks_of(content, limits)
    if len(carried) > limits.ledgers:
        return _unknown(f"文件里的台账超过 {limits.ledgers} 册，没有细看。请按街道装订，或者逐册核验。")
    if len({one.number for one in carried}) > 1:
        return _of_volume(carried, Bundle.objects.filter(file__sha256=sha256).first())
    claimed = _claimed(numbers[:20])
    if claimed is not None:
        return Verdict(Result.ALTERED, f"文件自称是 {claimed.number}，{_how_altered(carried, claimed)}", claimed)
    if DraftPrint.objects.filter(file__sha256=sha256).exists():
        return _unknown("这是公布前的送审稿，没有编号，不作依据。")
    return _unknown("这个文件不是本系统签发的台账。")


def _of_zip(content: bytes, limits: Limits) -> Verdict:
    """Every PDF in it by its own bytes; workbooks and index have no seal of their own and are not judged."""
    try:
        packed = pdfs_in(content, limits)
    except Unreadable as refusal:
        return _unknown(str(refusal))
    if not packed:
        return _unknown("这个 ZIP 里没有 PDF。请选台账档案包，或者台账的 PDF。")
    parts = tuple(_packed_verdicts(packed, limits))
    return _of_parts(f"里面有 {len(parts)} 个 PDF，逐个核对如下；Excel 和目录不在核验之列。", parts)


def _packed_verdicts(packed: list[Packed], limits: Limits) -> Iterator[tuple[str, Verdict]]:
    """Looking into a strange file takes time, so after a few of them the others are judged by their bytes alone."""
    strangers = 0
    for one in packed:
        kept = _kept_verdict(one.content)
        strangers += kept is None
        if kept is None and strangers <= MOST_STRANGERS:
            kept = _of_stranger(one.content, limits)
        yield one.name, kept or _unknown("与签发时保存的文件都不同，没有细看。请单独核验这个文件。")


def _of_volume(carried: list[Carried], kept: Bundle | None) -> Verdict:
    """A bound volume by its bytes; of one that was changed only the contents inside can still be answered for."""
    found = _ledgers_of_one_volume([one.number for one in carried])
    if not found:
        return _unknown("这个文件不是本系统签发的台账。")
    judge = _bound_verdict if kept else _carried_verdict
    parts = tuple((one.number, judge(one, found.get(one.number))) for one in carried)
    if kept is not None:
        more = kept.ledgers - len(parts)
        unseen = f"另有 {more} 册没有细看，请填编号核验。" if more > 0 else ""
        return _of_parts(f"合订本是本系统装订的原件，里面的 {len(parts)} 册台账逐册核对如下。{unseen}", parts)
    message = (
        f"文件像是合订本，但与本系统装订的都不同。随附的 {len(parts)} 册台账内容核对如下；"
        "要确认哪一册，请单独核验它的 PDF，或填它的编号。"
    )
    return Verdict(Result.ALTERED, message, parts=parts)


def _ledgers_of_one_volume(numbers: list[str]) -> dict[str, Ledger]:
    """By number; the content of a month is fetched once for all its ledgers."""
    ledgers = list(Ledger.objects.select_related("organisation").filter(number__in=numbers))
    months = Publication.objects.select_related("period__programme").in_bulk({one.publication_id for one in ledgers})
    for ledger in ledgers:
        ledger.publication = months[ledger.publication_id]
    return {ledger.number: ledger for ledger in ledgers}


def _bound_verdict(carried: Carried, ledger: Ledger | None) -> Verdict:
    """Of a ledger in a volume that is as it was bound."""
    if ledger is None or carried.sha256 != ledger.body_sha256:
        return _carried_verdict(carried, ledger)
    return _verdict(ledger)


def _carried_verdict(carried: Carried, ledger: Ledger | None) -> Verdict:
    """Of a content in a file whose bytes are not ours."""
    if ledger is None:
        return _unknown(f"没有编号为 {carried.number} 的台账。")
    return Verdict(Result.ALTERED, _how_altered([carried], ledger), ledger)


def _of_parts(message: str, parts: tuple[tuple[str, Verdict], ...]) -> Verdict:
    """As good as the worst of them."""
    results = {part.result for _, part in parts}
    if results <= {Result.GENUINE}:
        return Verdict(Result.GENUINE, message, parts=parts)
    whole = Result.SUPERSEDED if results <= {Result.GENUINE, Result.SUPERSEDED} else Result.ALTERED
    return Verdict(whole, message, parts=parts)


def _claimed(numbers: list[str]) -> Ledger | None:
    """The first of these that was issued."""
    found = {ledger.number: ledger for ledger in _ledgers().filter(number__in=numbers)}
    return next((found[number] for number in numbers if number in found), None)


def _how_altered(bodies: list[Carried], claimed: Ledger) -> str:
    """What the body inside says about a file whose bytes are not ours; the paper face is never trusted for it."""
    carried = [one.sha256 for one in bodies]
    if not carried:
        return "但与签发时保存的文件不同，随附的台账内容也不在了。"
    if carried == [claimed.body_sha256]:
        return "随附的台账内容与签发的一致，但文件被改动或另存过，版面上的字不能作准；请以系统里的文件为准。"
    return "随附的台账内容与签发的不同。"


def plain_code(code: str) -> str:
    """A code as it is stored."""
    return re.sub(r"[\s-]", "", code).lower()


def faults_of(ledger: Ledger) -> list[str]:
    """What no longer fits of a stored ledger: its digest, its publication's, the projection from one to the other."""
    publication = ledger.publication
    faults = []
    if text_digest(publication.content) != publication.sha256:
        faults.append("公布内容与其摘要不符")
    if text_digest(ledger.body) != ledger.body_sha256:
        faults.append("台账内容与其摘要不符")
    if _projected(ledger) != ledger.body:
        faults.append("台账内容与公布内容不符")
    if not _names_itself(ledger):
        faults.append("台账编号与其内容不符")
    return faults


def _names_itself(ledger: Ledger) -> bool:
    """Whether the columns a ledger is found by say what its body says; a body that is none is told of elsewhere."""
    try:
        body = ledger.data
        return (ledger.number, ledger.revision) == (body["number"], body["revision"])
    except (KeyError, TypeError, ValueError):
        return True


def _projected(ledger: Ledger) -> str:
    """The body as the publication gives it today; empty when it gives none."""
    try:
        previous = dict(ledger.data["previous"])
        return canonical_text(body_of(ledger.kind, ledger.publication.data, ledger.organisation.code, previous))
    except (NotInContent, KeyError, TypeError, ValueError):
        return ""


def _ledgers() -> QuerySet[Ledger]:
    return Ledger.objects.select_related("publication__period__programme", "organisation")


def _verdict(ledger: Ledger) -> Verdict:
    faults = faults_of(ledger)
    if faults:
        return Verdict(Result.ALTERED, f"{'；'.join(faults)}。请通知区创建办核查数据库。", ledger)
    later = Publication.objects.filter(supersedes=ledger.publication_id).defer("content").first()
    if later is not None:
        return Verdict(
            Result.SUPERSEDED, f"签发属实，但已被第 {later.number - 1} 次更正取代，请以更正后的为准。", ledger
        )
    return Verdict(Result.GENUINE, "签发属实，现行有效。", ledger)


def _unknown(message: str) -> Verdict:
    return Verdict(Result.UNKNOWN, message)
