"""An empty installation: the district, its office, its task forces and the first account."""

import pytest

from branches.models import Appointment, Organisation
from branches.selectors.officers import officer_for
from branches.services.installation import prepare_district, start_installation
from core import clock
from core.actor import SYSTEM
from core.errors import Conflict, Forbidden
from tests.people import Town

CODES = ["411002", "411002-cj", "411002-zb1", "411002-zb2", "411002-zb3", "411002-zb4", "411002-zb5"]


@pytest.mark.django_db
def test_the_district_is_prepared_once() -> None:
    prepare_district(actor=SYSTEM)
    prepare_district(actor=SYSTEM)
    assert list(Organisation.objects.values_list("code", flat=True)) == CODES
    district = Organisation.objects.get(code="411002")
    assert Organisation.objects.below(district, clock.today()).count() == 7


@pytest.mark.django_db
def test_the_first_account_is_a_security_administrator() -> None:
    issued = start_installation(username="secadmin", name="钱守")
    officer = officer_for(issued.user)
    assert officer is not None
    assert officer.label == "魏都区委安全管理员 钱守"
    assert issued.user.check_password(issued.password)
    with pytest.raises(Conflict, match="--as"):
        start_installation(username="second", name="孙")
    assert Appointment.objects.count() == 1


def test_later_it_is_the_creation_offices(town: Town) -> None:
    with pytest.raises(Forbidden):
        prepare_district(actor=SYSTEM)
    with pytest.raises(Forbidden):
        prepare_district(actor=town.lin)
    assert prepare_district(actor=town.wang) == town.district
    assert Organisation.objects.filter(code__in=CODES).count() == 7
