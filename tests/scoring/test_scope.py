"""Who sees which rows when appointments come together, end, or change hands. Rule 11."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from branches.acting import Officer
from branches.choices import OrganisationKind, Role
from branches.models import Appointment, Organisation, Person, Position
from branches.services.appointment import end_appointment
from core import clock
from core.models import User
from scoring.choices import Axis
from scoring.models import Assessment, AssessmentItem, Rating, StarKind, StarResponsibility
from scoring.services.report import save_draft
from tests.people import OPENED_ON, Town, Unit, write_units
from tests.scoring.month import Month, level, on, open_month, play_month, points, report_all

pytestmark = pytest.mark.django_db


def also(officer: Officer, organisation: Organisation, role: str) -> User:
    """The officer's account with a second appointment, as it signs in next."""
    position = Position.objects.get_or_create(organisation=organisation, role=role)[0]
    Appointment.objects.create(position=position, person=officer.person, starts_on=OPENED_ON)
    return User.objects.get(pk=officer.user.pk)


def newcomer(organisation: Organisation, role: str) -> User:
    user = User.objects.create_user("newcomer")
    position = Position.objects.get_or_create(organisation=organisation, role=role)[0]
    Appointment.objects.create(
        position=position, person=Person.objects.create(user=user, name="新来"), starts_on=OPENED_ON
    )
    return user


def seen(user: User, month: str) -> list[str]:
    """Codes of the communities whose assessments of a month the account sees."""
    rows = Assessment.objects.visible_to(user).filter(period__month=date.fromisoformat(f"{month}-01"))
    return sorted(rows.values_list("subject__code", flat=True))


@pytest.fixture
def two_months(town: Town) -> Town:
    """September published, October open."""
    play_month(town, "2026-09")
    open_month(town, "2026-10")
    return town


ALL = ["411002001001", "411002001006", "411002006002", "411002006006"]


def test_a_reader_of_the_district_sees_no_running_month_by_a_second_post_at_a_community(two_months: Town) -> None:
    user = also(two_months.reader, two_months.fuhou, Role.CLERK)
    assert seen(user, "2026-09") == ALL
    assert seen(user, "2026-10") == [two_months.fuhou.code]
    live = Rating.objects.visible_to(user).filter(assessment__period__month=date(2026, 10, 1))
    assert list(live.values_list("assessment__subject__code", flat=True)) == [two_months.fuhou.code]


@pytest.mark.parametrize(("place", "published"), [("office", ALL), ("task_force", []), ("department", [])])
def test_a_reader_beside_the_chain_sees_no_running_month(two_months: Town, place: str, published: list[str]) -> None:
    write_units(
        [Unit("411002-bm", "区民政局", "411002", kind=OrganisationKind.DEPARTMENT)],
        {two_months.district.code: two_months.district},
    )
    organisation = {
        "office": two_months.office,
        "task_force": two_months.task_forces[0],
        "department": Organisation.objects.get(code="411002-bm"),
    }[place]
    user = newcomer(organisation, Role.READER)
    assert (seen(user, "2026-09"), seen(user, "2026-10")) == (published, [])


def test_a_task_force_reads_a_star_until_another_takes_it_over(month: Month, town: Town) -> None:
    """共建共享 of the urban communities goes from the second to the third task force in October."""
    kind = StarKind.objects.get(code="joint_sharing")
    StarResponsibility.objects.create(
        task_force=town.task_forces[2], star_kind=kind, track="urban", from_month=date(2026, 10, 1)
    )
    october = month.next()
    for period, served in ((month.period, 1), (october.period, 2)):
        items = AssessmentItem.objects.filter(assessment__period=period, task__star__kind=kind)
        assert items.visible_to(town.zheng[served].user).count() == 6
        assert items.visible_to(town.zheng[0].user).count() == 0
    later = AssessmentItem.objects.filter(assessment__period=october.period, task__star__kind=kind)
    assert later.visible_to(town.zheng[1].user).count() == 0


def test_acting_in_one_appointment_does_not_use_the_rights_of_the_other(month: Month, town: Town, client) -> None:
    """林, who is also a clerk of 五一路: there she may review, but not while she acts as secretary of 府后."""
    report_all(town, month.period, organisations=[town.guangming])
    item = month.item(5, town.guangming)
    user = also(town.lin, town.wuyi, Role.CLERK)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    form = {"axis": Axis.STREET, "outcome": "agree", "version": item.version}
    refused = client.post(f"/items/{item.pk}/review/", form)
    assert (refused.status_code, item.reviews.count()) == (403, 0)
    other = Appointment.objects.get(person=town.lin.person, position__organisation=town.wuyi)
    client.post("/acting/", {"appointment": other.pk})
    assert client.post(f"/items/{item.pk}/review/", form).status_code == 302
    assert item.reviews.get().appointment_id == other.pk


def test_an_appointment_that_ends_takes_the_page_away_in_mid_session(month: Month, town: Town, client) -> None:
    client.force_login(town.lin.user, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/assessments/{month.assessment().pk}/"
    assert client.get(page).status_code == 200
    end_appointment(actor=town.secadmin, appointment=town.lin.appointment, ends_on=clock.today())
    assert client.get(page).status_code == 404
    assert client.post(f"/items/{month.item(5).pk}/draft/", {}).status_code == 404


def test_an_appointment_to_come_gives_nothing_yet(month: Month, town: Town) -> None:
    user = User.objects.create_user("newcomer")
    position = Position.objects.get(organisation=town.fuhou, role=Role.SECRETARY)
    person = Person.objects.create(user=user, name="新来")
    Appointment.objects.create(position=position, person=person, starts_on=clock.today() + timedelta(days=1))
    assert seen(user, "2026-09") == []


def test_a_draft_is_seen_by_whoever_may_enter_it_and_by_nobody_else(month: Month, town: Town, client) -> None:
    """A reader at 西大 sees that 府后 has sent nothing; 林 sees her stars as if she had."""
    with on("2026-09", 28):
        for number, entry in ((1, points("10.00", "讲党课一次。")), (2, level(0))):
            save_draft(actor=town.lin, item=month.item(number), entry=entry)
    shown = {}
    for name, user in {"lin": town.lin.user, "reader": newcomer(town.xida, Role.READER)}.items():
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        form = client.get(f"/assessments/{month.assessment().pk}/").context["form"]
        shown[name] = (form.stars[0].points, form.filled, [row.note for row in form.rows if row.note])
    assert shown == {"lin": ("20", 2, ["讲党课一次。"]), "reader": ("0", 0, [])}
