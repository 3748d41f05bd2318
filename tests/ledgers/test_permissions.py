"""Who reads which ledger, who issues, who prints a 送审稿: the matrix of rule 11 for this app."""

from __future__ import annotations

import pytest
from django.http import Http404

from branches.services.appointment import end_appointment
from core import clock
from core.models import User
from ledgers.models import Ledger
from ledgers.permissions import can_draft, can_issue, get_draft_job_for, get_ledger_for
from ledgers.services.draft import request_draft
from scoring.models import Publication
from tests.ledgers.conftest import draw_by_stand_in
from tests.people import Town
from tests.scoring.month import Month

pytestmark = pytest.mark.django_db

JINDI, FUHOU, GUANGMING, FANGOU, RANKING = "jindi", "fuhou", "guangming", "fangou", "ranking"
ITEMS = "items"
FORCES = {f"force{number}" for number in range(1, 6)}
ALL = {JINDI, FUHOU, GUANGMING, FANGOU, RANKING, ITEMS, "street1", "street2", *FORCES}
SEEN = {
    "wang": ALL,
    "wang2": ALL,
    "reader": ALL,
    "zhou": {JINDI, FUHOU, RANKING, "street1"},
    "zhou2": {JINDI, FUHOU, RANKING, "street1"},
    "wu": {GUANGMING, FANGOU, RANKING, "street2"},
    "lin": {FUHOU, RANKING},
    "lin2": {FUHOU, RANKING},
    "chen": {JINDI, RANKING},
    "fan": {FANGOU, RANKING},
    **{f"zheng{number}": {RANKING, f"force{number}"} for number in range(1, 6)},
    "sysadmin": set(),
    "secadmin": set(),
    "auditor": set(),
}


def names_of(town: Town, rows: object) -> set[str]:
    by_code = {
        town.jindi.code: JINDI,
        town.fuhou.code: FUHOU,
        town.guangming.code: GUANGMING,
        town.fangou.code: FANGOU,
        town.district.code: RANKING,
        "411002001": "street1",
        "411002006": "street2",
        **{f"411002-zb{number}": f"force{number}" for number in range(1, 6)},
    }
    return {ITEMS if row.kind == "items" else by_code[row.organisation.code] for row in rows}  # type: ignore[attr-defined]


def test_everybody_sees_exactly_her_ledgers(town: Town, issued: list[Ledger]) -> None:
    seen = {key: names_of(town, Ledger.objects.visible_to(officer.user)) for key, officer in town.everybody.items()}
    assert seen == SEEN


@pytest.mark.parametrize("visibility", ["off", "bands"])
def test_a_ranking_not_shown_is_read_by_the_district_alone(
    town: Town, issued: list[Ledger], publication: Publication, visibility: str
) -> None:
    from ledgers.calc.frame import is_open_to_all

    content = {**publication.data, "rules": {**publication.data["rules"], "visibility": visibility}}
    assert is_open_to_all(content) is False
    ranking = next(ledger for ledger in issued if ledger.kind == "ranking")
    ranking.pk, ranking.number, ranking.kind, ranking.is_open_to_all = None, f"ranking-{visibility}", "copy", False
    ranking.verify_code = "0" * 16
    ranking.save(force_insert=True)
    readers = [
        key
        for key, officer in town.everybody.items()
        if Ledger.objects.visible_to(officer.user).filter(number=ranking.number).exists()
    ]
    assert readers == ["wang", "wang2", "reader"]


def test_outside_is_the_same_as_not_existing(town: Town, issued: list[Ledger]) -> None:
    for number in ("community-411002001001-2026-09-1", "community-411002001006-2026-09-9", ""):
        with pytest.raises(Http404):
            get_ledger_for(town.lin.user, number)
    assert get_ledger_for(town.lin.user, "community-411002001006-2026-09-1").organisation == town.fuhou


def test_only_the_office_may_issue(town: Town, publication: Publication) -> None:
    allowed = [key for key, officer in town.everybody.items() if can_issue(officer, publication)]
    assert allowed == ["wang", "wang2"]


def test_drafts_are_for_the_office_the_own_street_and_the_community(town: Town, month: Month) -> None:
    street = month.assessment(town.fuhou).street
    wanted = {
        "ranking": (None, None),
        "community": (town.fuhou, street.pk),
        "street": (street, None),
        "task force": (town.task_forces[0], None),
    }
    allowed = {
        name: sorted(key for key, officer in town.everybody.items() if can_draft(officer, *target))
        for name, target in wanted.items()
    }
    assert allowed == {
        "ranking": ["wang", "wang2"],
        "community": ["lin", "lin2", "wang", "wang2", "zhou", "zhou2"],
        "street": ["wang", "wang2", "zhou", "zhou2"],
        "task force": ["wang", "wang2", "zheng1"],
    }


def test_a_draft_stays_with_the_post(town: Town, month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_by_stand_in(monkeypatch)
    job = request_draft(actor=town.lin, period=month.period, organisation_code=town.fuhou.code)
    assert get_draft_job_for(town.lin.user, job.pk) == job
    end_appointment(actor=town.secadmin, appointment=town.lin.appointment, ends_on=clock.today())
    with pytest.raises(Http404):
        get_draft_job_for(User.objects.get(pk=town.lin.user.pk), job.pk)
