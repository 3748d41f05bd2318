"""一票否决: a star withheld under a clause of the edition, clause by clause, on its page and in its services."""

from __future__ import annotations

import dataclasses

import pytest

from core.errors import Conflict, Forbidden, Invalid
from scoring.models import Rating, Star, Veto
from scoring.selectors.publication_content import trial_content
from scoring.selectors.ratings import differences
from scoring.services.veto import impose_veto, lift_veto
from tests.people import Town
from tests.scoring.month import (
    Month,
    close_month,
    on,
    open_month,
    publish_month,
    report_all,
    review_all,
    settle_month,
    small_editions,
)

pytestmark = pytest.mark.django_db

FIRE, LAW = "发生较大火灾事故", "班子成员严重违纪违法"
PAPER = "许组〔2026〕8号"
SAFETY = "safety_law"


def with_clauses() -> tuple:
    """The small editions; 平安法治 of the urban one carries two clauses, each with its 文号."""
    urban, agricultural = small_editions()
    veto = tuple({"clause": clause, "document_no": PAPER} for clause in (FIRE, LAW))
    stars = tuple(dataclasses.replace(star, veto=veto) if star.code == SAFETY else star for star in urban.stars)
    return dataclasses.replace(urban, stars=stars), agricultural


@pytest.fixture
def month(town: Town) -> Month:
    """September, everything reported and agreed: 府后 holds all five stars."""
    period = open_month(town, "2026-09", with_clauses())
    report_all(town, period)
    review_all(town, period)
    return Month(town, period)


@pytest.fixture
def star(month: Month) -> Star:
    return Star.objects.get(rubric=month.assessment().rubric, kind__code=SAFETY)


def verdict(month: Month) -> tuple[int, bool, list[str]]:
    rating = Rating.objects.get(assessment=month.assessment())
    found = next(one for one in rating.stars if one["code"] == SAFETY)
    return rating.star_level, found["won"], found["reasons"]


def impose(month: Month, star: Star, clause: str, **changes) -> Veto:
    given = {"actor": month.town.wang, "assessment": month.assessment(), "star": star, "reason": "区消防通报"}
    with on("2026-09", 38):
        return impose_veto(**{**given, "clause": clause, **changes})


def lift(month: Month, veto: Veto) -> Veto:
    with on("2026-09", 39):
        return lift_veto(actor=month.town.wang, veto=veto, reason="复查属误报")


def test_a_clause_withholds_the_star_and_lifting_gives_it_back(month: Month, star: Star) -> None:
    assert verdict(month) == (5, True, [])
    veto = impose(month, star, FIRE)
    assert (verdict(month), veto.document_no) == ((4, False, ["一票否决"]), PAPER)
    lift(month, veto)
    assert verdict(month) == (5, True, [])
    assert differences(month.period) == []


def test_a_star_comes_back_only_with_the_last_of_its_clauses(month: Month, star: Star) -> None:
    fire, law = impose(month, star, FIRE), impose(month, star, LAW)
    lift(month, law)
    assert verdict(month) == (4, False, ["一票否决"])
    lift(month, fire)
    assert verdict(month) == (5, True, [])


def test_nothing_is_imposed_or_lifted_twice(month: Month, star: Star) -> None:
    veto = impose(month, star, FIRE)
    with pytest.raises(Conflict, match="已经记录"):
        impose(month, star, FIRE)
    lift(month, veto)
    with pytest.raises(Conflict, match="已经解除"):
        lift(month, veto)
    assert (Veto.objects.count(), impose(month, star, FIRE).number) == (2, 3)


def test_only_the_office_under_a_clause_of_the_edition_with_a_reason(month: Month, star: Star) -> None:
    with pytest.raises(Forbidden):
        impose(month, star, FIRE, actor=month.town.zheng[2])
    with pytest.raises(Conflict, match="没有这一否决条款"):
        impose(month, star, "群众信访")
    with pytest.raises(Conflict, match="没有这一否决条款"):
        impose(month, star, FIRE, assessment=month.assessment(month.town.fangou))
    with pytest.raises(Invalid):
        impose(month, star, FIRE, reason=" ")
    with pytest.raises(Invalid, match="最多 300 字"):
        impose(month, star, FIRE, reason="通报" * 151)
    assert Veto.objects.count() == 0


def test_it_is_published_with_the_month_and_not_changed_after(month: Month, star: Star) -> None:
    veto = impose(month, star, FIRE)
    settle_month(month.town, month.period)
    close_month(month.town, month.period)
    content = trial_content(month.period)
    publication = publish_month(month.town, month.period)
    row = next(one for one in publication.data["assessments"] if one["organisation"] == month.town.fuhou.code)
    assert (row["star_level"], row["stars"]) == (4, next(
        one["stars"] for one in content["assessments"] if one["organisation"] == month.town.fuhou.code
    ))  # fmt: skip
    with pytest.raises(Conflict, match="已公布"):
        lift(month, veto)


# -- the page


@pytest.fixture
def office(client, month: Month):
    client.force_login(month.town.wang.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


PAGE = "/periods/2026-09/vetoes/"


def test_the_page_offers_clauses_records_and_lifts(office, month: Month, star: Star) -> None:
    assert f"{FIRE}" in office.get(PAGE).content.decode()
    form = {"assessment": month.assessment().pk, "clause": f"{star.pk}-0", "reason": "区消防通报"}
    assert office.post(PAGE, form).status_code == 302
    veto = Veto.objects.get()
    assert (veto.clause, verdict(month)[0]) == (FIRE, 4)
    page = office.get(PAGE).content.decode()
    assert page.count(f'name="veto" value="{veto.pk}"') == 1
    assert office.post(PAGE, {"veto": veto.pk, "reason": "复查属误报"}).status_code == 302
    page = office.get(PAGE).content.decode()
    assert ('name="veto"' in page, verdict(month)[0]) == (False, 5)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 422),
        ({"assessment": "x", "clause": "y", "reason": "z"}, 422),
        ({"assessment": "9" * 15, "clause": "1-0", "reason": "z"}, 422),
        ({"veto": "9" * 15, "reason": "z"}, 404),
        ({"veto": "-1", "reason": "z"}, 422),
    ],
)
def test_unusable_forms_are_refused_in_words(office, given: dict, status: int) -> None:
    answer = office.post(PAGE, given)
    assert (answer.status_code, Veto.objects.count()) == (status, 0)
    assert "请选择社区和否决条款" in answer.content.decode() or status == 404


def test_a_clause_of_the_other_track_is_refused(office, month: Month, star: Star) -> None:
    form = {"assessment": month.assessment(month.town.fangou).pk, "clause": f"{star.pk}-0", "reason": "通报"}
    answer = office.post(PAGE, form)
    assert (answer.status_code, "没有这一条款" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(("who", "status"), [("lin", 403), ("zhou", 403), ("reader", 403), ("auditor", 404)])
def test_nobody_else_has_the_page(client, month: Month, who: str, status: int) -> None:
    client.force_login(getattr(month.town, who).user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(PAGE).status_code == status
