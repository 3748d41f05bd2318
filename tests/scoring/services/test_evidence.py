"""Evidence is recorded once, put beside items, taken away while nobody relies on it; nothing of it is lost."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry, StoredFile
from core.services.files import read_file
from core.uploads.accept import accept
from scoring.choices import Axis, Outcome
from scoring.models import Evidence, EvidenceLink, EvidenceRemoval
from scoring.selectors.evidence import evidence_of, last_month_ids, reusable_evidence
from scoring.services.evidence import MOST, link_evidence, record_evidence, unlink_evidence
from scoring.services.report import withdraw_item
from tests.core.uploads.samples import photo
from tests.scoring.month import Month, close_month, month, on, open_month, report_all, review

__all__ = ["month"]
pytestmark = pytest.mark.django_db


def note(month: Month, number: int = 1, organisation: Any = None, actor: Any = None, **more: Any) -> Evidence:
    with on(month.period.month, 27):
        return record_evidence(
            actor=actor or month.town.lin,
            item=month.item(number, organisation),
            text=more.pop("text", "党员大会记录已存档。"),
            form_key=uuid.uuid4(),
            **more,
        ).evidence


def beside(month: Month, number: int = 1, officer: Any = None) -> list[str]:
    return [piece.title for piece in evidence_of(month.item(number), month.town.wang.user, officer).pieces]


def test_a_note_keeps_who_when_and_the_day_of_the_event(month: Month) -> None:
    found = note(month, title="党员大会", happened_on=date(2026, 9, 12))
    assert (found.kind, found.title, found.happened_on, found.at.date()) == (
        "note",
        "党员大会",
        date(2026, 9, 12),
        date(2026, 9, 27),
    )
    assert (found.organisation, found.recorded_by, found.appointment) == (
        month.town.fuhou,
        month.town.lin.person,
        month.town.lin.appointment,
    )
    assert AuditEntry.objects.order_by("-seq")[0].verb == "scoring.evidence.record"


def test_a_note_without_a_title_is_called_by_its_first_words(month: Month) -> None:
    assert note(month, text="9月12日党员大会，应到43人、实到40人。").title == "9月12日党员大会"


def test_a_file_is_stored_once_and_known_by_what_was_handed_in(month: Month) -> None:
    original = photo()
    upload = accept(SimpleUploadedFile("会议.jpg", original))
    with on(month.period.month, 27):
        first = record_evidence(actor=month.town.lin, item=month.item(1), upload=upload, form_key=uuid.uuid4())
        second = record_evidence(actor=month.town.lin2, item=month.item(2), upload=upload, form_key=uuid.uuid4())
    assert (first.is_known, second.is_known) == (False, True)
    assert (Evidence.objects.count(), EvidenceLink.objects.count(), StoredFile.objects.count()) == (1, 2, 1)
    assert first.evidence.sha256 != first.evidence.file.sha256
    assert b"PhoneMaker" not in read_file(first.evidence.file)
    assert (first.evidence.title, first.evidence.file_name) == ("会议", "会议.jpg")


def test_the_same_form_sent_twice_is_recorded_once(month: Month) -> None:
    key = uuid.uuid4()
    with on(month.period.month, 27):
        rows = [
            record_evidence(actor=month.town.lin, item=month.item(1), text="记录一件", form_key=key) for _ in range(2)
        ]
    assert rows[0].evidence == rows[1].evidence
    assert (Evidence.objects.count(), EvidenceLink.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("file", {"text": "  "}),
        ("text", {"text": "联系 13803741234"}),
        ("title", {"title": "3号楼2单元501室"}),
        ("text", {"text": "长" * 501}),
        ("happened_on", {"happened_on": date(2026, 9, 28)}),
        ("happened_on", {"happened_on": date(1, 1, 1)}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(month: Month, field: str, more: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        note(month, **more)
    assert list(caught.value.errors) == [field]
    assert (Evidence.objects.count(), EvidenceLink.objects.count()) == (0, 0)


def test_an_item_takes_nine_pieces(month: Month) -> None:
    for number in range(MOST):
        note(month, text=f"记录 {number}")
    with pytest.raises(Conflict, match="最多 9 件"):
        note(month, text="第十件")
    other = note(month, 2)
    with on(month.period.month, 27), pytest.raises(Conflict, match="最多 9 件"):
        link_evidence(actor=month.town.lin, item=month.item(1), evidence=[other])
    assert EvidenceLink.objects.in_force().filter(item=month.item(1)).count() == MOST


def test_one_piece_supports_many_items_also_of_later_months(month: Month) -> None:
    piece = note(month)
    with on(month.period.month, 27):
        assert link_evidence(actor=month.town.lin, item=month.item(2), evidence=[piece]) == 1
        assert link_evidence(actor=month.town.lin, item=month.item(2), evidence=[piece]) == 0
    later = month.next()
    item = later.item(1)
    assert last_month_ids(item) == {piece.pk}
    assert reusable_evidence(item, month.town.lin.user) == [piece]
    with on("2026-10", 28):
        link_evidence(actor=month.town.lin, item=item, evidence=[piece])
    assert (beside(later), Evidence.objects.count(), EvidenceLink.objects.count()) == ([piece.title], 1, 3)


def test_a_community_uses_its_own_only(month: Month) -> None:
    theirs = note(month, organisation=month.town.jindi, actor=month.town.chen)
    with on(month.period.month, 27), pytest.raises(Conflict, match="本社区"):
        link_evidence(actor=month.town.lin, item=month.item(1), evidence=[theirs])


@pytest.mark.parametrize("key", ["chen", "wu", "zheng1", "reader"])
def test_only_who_enters_for_the_community_adds(month: Month, key: str) -> None:
    with pytest.raises(Forbidden):
        note(month, actor=month.town.everybody[key])


def test_the_street_adds_on_behalf_and_it_is_marked(month: Month) -> None:
    note(month, actor=month.town.zhou)
    [piece] = evidence_of(month.item(1), month.town.lin.user, None).pieces
    assert (piece.is_on_behalf, piece.linked_by) == (True, "周正")


def test_a_sent_item_takes_more_and_loses_nothing_until_it_is_back(month: Month) -> None:
    town, piece = month.town, note(month)
    report_all(town, month.period, organisations=[town.fuhou])
    note(month, text="报送之后补的")
    with on("2026-09", 29), pytest.raises(Forbidden, match="已报送"):
        unlink_evidence(actor=town.lin, item=month.item(1), evidence_id=piece.pk)
    with on("2026-09", 29):
        withdraw_item(actor=town.lin, item=month.item(1))
        unlink_evidence(actor=town.lin, item=month.item(1), evidence_id=piece.pk)
    found = evidence_of(month.item(1), town.lin.user, None)
    assert [one.title for one in found.pieces] == ["报送之后补的"]
    assert [(one.title, one.removed_by) for one in found.removed] == [(piece.title, "林晓")]
    assert (Evidence.objects.count(), EvidenceLink.objects.count()) == (2, 2)


def test_a_returned_item_gives_up_a_piece_and_takes_it_again(month: Month) -> None:
    town, piece = month.town, note(month)
    report_all(town, month.period, organisations=[town.fuhou])
    review(town, month.item(1), Axis.STREET, Outcome.RETURN, reason="换一张清楚的")
    with on("2026-09", 34):
        unlink_evidence(actor=town.lin, item=month.item(1), evidence_id=piece.pk)
        with pytest.raises(Conflict, match="已不在"):
            unlink_evidence(actor=town.lin, item=month.item(1), evidence_id=piece.pk)
        link_evidence(actor=town.lin, item=month.item(1), evidence=[piece])
    assert list(EvidenceLink.objects.values_list("number", flat=True)) == [1, 2]
    assert EvidenceRemoval.objects.count() == 1
    assert beside(month) == [piece.title]


def test_a_closed_month_takes_and_gives_nothing(month: Month) -> None:
    town, piece = month.town, note(month)
    close_month(town, month.period)
    with pytest.raises(Forbidden, match="已关闭"):
        note(month, text="晚了")
    with on("2026-09", 42), pytest.raises(Forbidden, match="已关闭"):
        unlink_evidence(actor=town.lin, item=month.item(1), evidence_id=piece.pk)


# -- the hint


@pytest.fixture
def shared(month: Month) -> Month:
    """府后 used a photograph in September and uses it in October; 金地 and 樊沟 hand in the very same file."""
    town = month.town
    later = Month(town, open_month(town, "2026-10"))
    upload = accept(SimpleUploadedFile("广场.jpg", photo()))
    for which, who, where in (
        (month, town.lin, town.fuhou),
        (later, town.lin, town.fuhou),
        (later, town.chen, town.jindi),
        (later, town.fan, town.fangou),
    ):
        with on(which.period.month, 28):
            record_evidence(actor=who, item=which.item(1, where), upload=upload, form_key=uuid.uuid4())
    return later


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("wang", "同一文件也见于：金地社区 2026年10月、樊沟社区 2026年10月、府后社区 2026年9月"),
        ("zheng1", "同一文件也见于：金地社区 2026年10月、樊沟社区 2026年10月、府后社区 2026年9月"),
        ("zhou", "同一文件也见于：金地社区 2026年10月、其他社区 2026年10月、府后社区 2026年9月"),
        ("lin", ""),
    ],
)
def test_the_same_file_elsewhere_is_a_hint_to_reviewers_within_their_scope(shared: Month, key: str, hint: str) -> None:
    officer = shared.town.everybody[key]
    [piece] = evidence_of(shared.item(1), officer.user, officer).pieces
    assert piece.hint == hint


def test_an_earlier_month_knows_nothing_of_a_later_one(month: Month) -> None:
    town, piece = month.town, note(month)
    with on("2026-10", 26):
        link_evidence(actor=town.lin, item=month.next().item(1), evidence=[piece])
    [found] = evidence_of(month.item(1), town.wang.user, town.wang).pieces
    assert found.hint == ""
