"""Rule 9: issuing projects the publication, draws once, says loudly what it could not draw."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from core.canonical import digest
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry, Job
from core.pdf import PdfError
from core.selectors.audit import ChainCheck
from core.services.files import read_file
from ledgers.calc.bodies import body_of
from ledgers.models import Ledger, LedgerKind, Rendering
from ledgers.selectors.issuing import all_targets, latest_publication
from ledgers.services import drawing
from ledgers.services.issue import issue_and_draw, issue_ledger, issue_ledgers
from ledgers.services.rendering import stamp_of
from scoring.choices import ReportKind
from scoring.models import Publication
from scoring.services.correction import Correction, correct_publication
from tests.ledgers.conftest import ALL_LEDGERS, draw_by_stand_in, no_progress
from tests.people import Town
from tests.scoring.month import item_of, on, play_month

pytestmark = pytest.mark.django_db


def corrected(town: Town, publication: Publication) -> Publication:
    item = item_of(publication.period, town.fuhou, 2)
    correction = Correction(item=item, kind=ReportKind.POINTS, points=Decimal("6.00"), reason="复查")
    with on("2026-09", 50):
        return correct_publication(
            actor=town.wang, second=town.wang2, period=publication.period, corrections=[correction], reason="复查更正"
        )


def test_a_month_has_a_ranking_and_a_ledger_a_community_street_and_task_force(town: Town, issued: list[Ledger]) -> None:
    assert [ledger.number for ledger in issued] == [
        "brief-411002-2026-09-1",
        "community-411002001001-2026-09-1",
        "community-411002001006-2026-09-1",
        "community-411002006002-2026-09-1",
        "community-411002006006-2026-09-1",
        "items-411002-2026-09-1",
        "notice-411002-2026-09-1",
        "ranking-411002-2026-09-1",
        "street-411002001-2026-09-1",
        "street-411002006-2026-09-1",
        *(f"task_force-411002-zb{number}-2026-09-1" for number in range(1, 6)),
    ]
    assert [ledger.renderings.count() for ledger in issued] == [1] * ALL_LEDGERS


def test_the_body_is_the_projection_of_the_content(issued: list[Ledger]) -> None:
    for ledger in issued:
        body = body_of(ledger.kind, ledger.publication.data, ledger.organisation.code, ledger.data["previous"])
        assert (digest(body), ledger.body_sha256) == (ledger.body_sha256, digest(ledger.data))


def test_the_same_asked_twice_is_the_same_row(town: Town, publication: Publication) -> None:
    wanted = {"actor": town.wang, "publication": publication, "kind": "community", "organisation": town.fuhou}
    first, entries = issue_ledger(**wanted), AuditEntry.objects.count()
    again = issue_ledger(**wanted)
    assert (again.pk, again.body_sha256, Ledger.objects.count()) == (first.pk, first.body_sha256, 1)
    assert AuditEntry.objects.count() == entries


def test_issuing_again_draws_nothing(town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw_by_stand_in(monkeypatch)
    first = issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    again = issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    assert (first.issued, first.drawn, first.unchanged) == (ALL_LEDGERS, ALL_LEDGERS, 0)
    assert (again.issued, again.drawn, again.unchanged) == (0, 0, ALL_LEDGERS)
    assert len(drawn) == ALL_LEDGERS


def test_another_tool_chain_draws_the_same_content_again(
    town: Town, issued: list[Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch, environment="f" * 64)
    outcome = issue_and_draw(actor=town.wang, publication=issued[0].publication, progress=no_progress)
    assert (outcome.issued, outcome.drawn) == (0, ALL_LEDGERS)
    assert Ledger.objects.count() == ALL_LEDGERS
    assert issued[0].renderings.count() == 2


def test_kind_and_organisation_narrow_what_is_issued(
    town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress, kind="ranking")
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress, organisation=town.fuhou.code)
    assert set(Ledger.objects.values_list("number", flat=True)) == {
        "ranking-411002-2026-09-1",
        "community-411002001006-2026-09-1",
    }


def test_an_unknown_organisation_is_refused(town: Town, publication: Publication) -> None:
    with pytest.raises(Invalid, match="411002999999"):
        issue_and_draw(actor=town.wang, publication=publication, progress=no_progress, organisation="411002999999")


def test_only_the_office_issues(town: Town, publication: Publication) -> None:
    for officer in (town.lin, town.zhou, town.zheng[0], town.reader, town.sysadmin):
        with pytest.raises(Forbidden, match="只有区创建办可以签发台账"):
            issue_ledger(actor=officer, publication=publication, kind="community", organisation=town.fuhou)
    assert Ledger.objects.count() == 0


def test_a_practice_programme_has_no_ledgers(town: Town, publication: Publication) -> None:
    publication.period.programme.is_practice = True
    with pytest.raises(Forbidden, match="练习项目"):
        issue_ledger(actor=town.wang, publication=publication, kind="ranking", organisation=town.district)


def test_a_correction_gives_revision_two_and_leaves_the_first(town: Town, publication: Publication) -> None:
    wanted = {"actor": town.wang, "kind": "community", "organisation": town.fuhou}
    first = issue_ledger(publication=publication, **wanted)
    second = issue_ledger(publication=corrected(town, publication), **wanted)
    assert (first.number, second.number) == ("community-411002001006-2026-09-1", "community-411002001006-2026-09-2")
    assert (first.data["rows"][1]["final"], second.data["rows"][1]["final"]) == ("10.00", "6.00")
    assert second.data["published"]["reason"] == "复查更正"
    first.refresh_from_db()
    assert digest(first.data) == first.body_sha256


def test_a_superseded_publication_gets_no_new_ledgers(town: Town, publication: Publication) -> None:
    kept = issue_ledger(actor=town.wang, publication=publication, kind="community", organisation=town.fuhou)
    corrected(town, publication)
    again = issue_ledger(actor=town.wang, publication=publication, kind="community", organisation=town.fuhou)
    assert again.pk == kept.pk
    with pytest.raises(Conflict, match="已被更正取代"):
        issue_ledger(actor=town.wang, publication=publication, kind="community", organisation=town.jindi)


def test_a_ledger_names_last_months_or_says_why_not(town: Town, publication: Publication) -> None:
    september = issue_ledger(actor=town.wang, publication=publication, kind="community", organisation=town.fuhou)
    october = play_month(town, "2026-10")
    fuhou = issue_ledger(actor=town.wang, publication=october, kind="community", organisation=town.fuhou)
    jindi = issue_ledger(actor=town.wang, publication=october, kind="community", organisation=town.jindi)
    assert september.data["previous"] == {"none": "无，上月没有公布考评。"}
    assert fuhou.data["previous"] == {"number": september.number, "sha256": september.body_sha256}
    assert jindi.data["previous"] == {"none": "无，签发时上月台账尚未签发。"}


def test_a_later_correction_of_last_month_changes_no_ledger(town: Town, publication: Publication) -> None:
    wanted = {"actor": town.wang, "kind": "community", "organisation": town.fuhou}
    issue_ledger(publication=publication, **wanted)
    october = issue_ledger(publication=play_month(town, "2026-10"), **wanted)
    issue_ledger(publication=corrected(town, publication), **wanted)
    again = issue_ledger(publication=october.publication, **wanted)
    assert (again.pk, again.body_sha256) == (october.pk, october.body_sha256)


def test_ledgers_and_renderings_are_never_changed_or_deleted(issued: list[Ledger]) -> None:
    for rows in (Ledger.objects.all(), Rendering.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(at="2020-01-01T00:00:00Z")
    with pytest.raises(DatabaseError), transaction.atomic():
        Rendering.objects.all().delete()


def test_the_audit_names_every_row(issued: list[Ledger]) -> None:
    """Findings about the town's own rows, which no service wrote, are left aside."""
    assert [finding for finding in map(str, ChainCheck().findings()) if "台账" in finding] == []


def test_a_row_written_behind_the_application_is_found(issued: list[Ledger]) -> None:
    Rendering.objects.create(ledger=issued[0], render_environment="x", file=issued[0].renderings.get().file)
    assert len([finding for finding in map(str, ChainCheck().findings()) if "台账文件" in finding]) == 1


def test_a_document_that_fails_is_named_and_the_others_go_on(
    town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    draw_well = drawing.draw_many
    failing = issue_ledger(actor=town.wang, publication=publication, kind="community", organisation=town.jindi).pk

    def draw_many(bodies):  # type: ignore[no-untyped-def]
        for key, result in draw_well(bodies):
            yield key, PdfError("绘制进程意外退出，文书未生成。请稍后重试。") if key == failing else result

    monkeypatch.setattr(drawing, "draw_many", draw_many)
    outcome = issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    assert (outcome.issued, outcome.drawn) == (ALL_LEDGERS - 1, ALL_LEDGERS - 1)
    assert outcome.failures == ["台账 community-411002001001-2026-09-1：绘制进程意外退出，文书未生成。请稍后重试。"]
    with pytest.raises(Conflict, match="另有 1 册未绘制：台账 community-411002001001-2026-09-1"):
        outcome.raise_failures()


def test_a_missing_character_is_named_and_the_others_go_on(
    town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    publication.data["assessments"][1]["items"][0]["reported"]["note"] = "\U0001f600"
    outcome = issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    assert outcome.drawn == ALL_LEDGERS - 1
    assert [failure.partition("。")[0] for failure in outcome.failures] == [
        "台账 community-411002001006-2026-09-1：字体中缺少字符 “\U0001f600”（U+1F600），未绘制"
    ]


def test_the_job_issues_and_asks_for_a_job_a_document(
    town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    drawn = draw_by_stand_in(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        batch = issue_ledgers(actor=town.wang, publication=publication)
    opening = Job.objects.get(kind="issue_ledgers")
    assert (batch.job, opening.state) == (opening, Job.State.DONE)
    assert opening.message == "2026年9月考评 第1次公布：新签发 15 册，待绘制 15 册，0 册未变。"
    ends = Job.objects.filter(kind="draw_ledger").order_by().values_list("state", "message", "attempt").distinct()
    assert (list(ends), len(drawn)) == ([(Job.State.DONE, "已绘制。", 1)], ALL_LEDGERS)


def test_the_job_is_refused_to_others(town: Town, publication: Publication) -> None:
    with pytest.raises(Forbidden):
        issue_ledgers(actor=town.lin, publication=publication)


def test_the_job_of_somebody_who_left_issues_nothing(
    town: Town, publication: Publication, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[operator]
        job = issue_ledgers(actor=town.wang, publication=publication).job
    town.wang.appointment.ends_on = town.wang.appointment.starts_on.replace(year=2026, month=1)
    town.wang.appointment.save(update_fields=["ends_on"])
    for callback in callbacks:
        callback()
    job.refresh_from_db()
    assert (job.state, Ledger.objects.count()) == (Job.State.FAILED, 0)


def test_drawn_in_earnest_the_bytes_repeat(town: Town, publication: Publication) -> None:
    """The file kept equals a second drawing of the same body under the same environment."""
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress, kind=LedgerKind.COMMUNITY)
    ledger = Ledger.objects.get(organisation=town.fuhou)
    kept = read_file(ledger.renderings.get().file)
    assert drawing.draw(ledger.data, stamp_of(ledger)) == kept
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(kept)).pages)
    assert ledger.number in text


def test_an_officer_acts_in_the_appointment_she_asked_in(town: Town, publication: Publication) -> None:
    """Another appointment of the same account does not help."""
    clerk = replace(town.wang, appointment=town.lin.appointment)
    with pytest.raises(Forbidden):
        issue_ledger(actor=clerk, publication=publication, kind="ranking", organisation=town.district)


def test_what_is_still_to_draw_is_counted_as_it_is_issued(town: Town, publication: Publication) -> None:
    found = latest_publication()
    assert (found.pk, found.documents, found.drawn) == (publication.pk, len(all_targets(publication.period)), 0)
