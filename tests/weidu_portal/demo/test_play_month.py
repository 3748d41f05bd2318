"""`play_month`: a whole month by its services, repeatable, and never on real data."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from branches.choices import Role
from branches.models import Appointment, Organisation, Person, Position
from core.models import User
from scoring.models import Period, Programme, Publication, Report
from scoring.selectors.proof import violations
from tests.people import OPENED_ON, Town
from tests.scoring.month import on, sample_editions, set_up_programme
from tests.security.test_matrix import taken_back

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def embedded(settings) -> None:  # type: ignore[no-untyped-def]
    """Where samples are played; what production refuses is asked apart."""
    settings.PORTAL_MODE = "embedded"


@pytest.fixture
def staffed(town: Town) -> Town:
    """The town with a second person at 五一路 and a secretary at 光明."""
    _appoint("street-006-2", "吴宁", town.wuyi, Role.CLERK)
    _appoint("community-006002", "光华", town.guangming, Role.SECRETARY)
    with on("2026-11", 1):
        set_up_programme(town, sample_editions())
    return town


def _appoint(username: str, name: str, organisation: Organisation, role: str) -> None:
    person = Person.objects.create(user=User.objects.create(username=username), name=name)
    position = Position.objects.create(organisation=organisation, role=role)
    Appointment.objects.create(position=position, person=person, starts_on=OPENED_ON)


def play(seed: int = 1) -> str:
    out = StringIO()
    with on("2026-11", 45):
        call_command("play_month", period="2026-11", seed=seed, username="office", stdout=out)
    return out.getvalue()


def test_a_played_month_is_published_and_breaks_no_rule(staffed: Town) -> None:
    said = play()
    period = Period.objects.get(month=date(2026, 11, 1))
    assert period.is_published
    assert violations(period) == []
    reports = Report.objects.filter(item__assessment__period=period)
    assert (
        reports.filter(appointment__position__organisation=staffed.xida).exists()
        or reports.filter(appointment__position__organisation=staffed.wuyi).exists()
    )
    assert f"摘要 {Publication.objects.get().sha256}" in said
    assert f"自评 {reports.count()}\n" in said


def test_the_same_seed_plays_the_same_month(staffed: Town) -> None:
    said = []
    for seed in (7, 7, 8):
        with taken_back():
            said.append(play(seed))
    assert said[0] == said[1]
    assert said[0] != said[2]


def test_nobody_plays_on_real_data(staffed: Town) -> None:
    with override_settings(PORTAL_MODE="production"):
        with pytest.raises(CommandError, match="只能演练“练习”项目"):
            play()
        assert not Period.objects.exists()
        Programme.objects.update(is_practice=True)
        with on("2026-11", 45):
            call_command("play_month", period="2026-11", username="office", programme="wuxing", stdout=StringIO())
    assert Publication.objects.exists()


def test_only_the_office_plays(staffed: Town) -> None:
    with pytest.raises(CommandError), on("2026-11", 45):
        call_command("play_month", period="2026-11", username="street-001", stdout=StringIO())
    assert not Period.objects.exists()


def test_a_missing_post_is_named(town: Town) -> None:
    with on("2026-11", 1):
        set_up_programme(town)
    with pytest.raises(CommandError, match="光明社区填报人"):
        play()
    assert not Period.objects.exists()
