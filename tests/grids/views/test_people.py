from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from branches.choices import Level, OrganisationKind, Role
from branches.models import Organisation
from branches.services.appointment import record_appointment
from branches.services.person import record_person
from core.actor import SYSTEM
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from grids.choices import PostKind
from grids.models import GroundContact, PostCount
from grids.selectors.people import first_secretaries, post_lines
from grids.services.posts import record_post_count
from grids.services.rows import record_row
from tests.people import Town, Unit, write_units
from tests.security.ground import signed_in

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 1)


def community(town: Town) -> Organisation:
    return Organisation.objects.as_of(DAY).get(pk=town.fuhou.pk)


def record(town: Town, filled: int, on: date = DAY, required: int = 10) -> PostCount:
    return record_post_count(
        actor=town.lin,
        community=town.fuhou,
        kind=PostKind.BUILDING_HEAD,
        starts_on=on,
        required=required,
        filled=filled,
        party_members=2,
    )


def test_counts_follow_each_other_and_a_day_is_corrected(town: Town) -> None:
    record(town, 5)
    record(town, 6)
    record(town, 8, date(2026, 1, 1))
    assert list(PostCount.objects.order_by("pk").values_list("revision", "filled")) == [(1, 5), (2, 6), (1, 8)]
    [line] = [line for line in post_lines(community(town), DAY) if line.kind == PostKind.BUILDING_HEAD]
    assert (line.count.filled if line.count else None, line.lacking) == (6, 4)
    assert AuditEntry.objects.filter(verb="grids.record_post_count").count() == 3


def test_an_older_day_the_same_figures_and_too_many_are_refused(town: Town) -> None:
    record(town, 5, date(2026, 1, 1))
    with pytest.raises(Conflict, match="已有较新的登记"):
        record(town, 4)
    with pytest.raises(Conflict, match="没有变化"):
        record(town, 5, date(2026, 2, 1))
    with pytest.raises(Invalid, match="不能多于应配备"):
        record(town, 11, date(2026, 2, 1))
    with pytest.raises(Forbidden):
        record_post_count(
            actor=town.chen, community=town.fuhou, kind="team_leader", starts_on=DAY, required=1, filled=1
        )
    assert PostCount.objects.count() == 1


def test_urban_communities_have_five_rungs_agricultural_three(town: Town) -> None:
    urban = [line.kind for line in post_lines(community(town), DAY)]
    rural = [line.kind for line in post_lines(Organisation.objects.as_of(DAY).get(pk=town.fangou.pk), DAY)]
    assert urban[:-1] == ["governance_team", "team_leader", "yard_head", "building_head", "unit_head"]
    assert rural[:-1] == ["governance_team", "group_head", "party_household"]


def test_a_first_secretary_stands_with_the_department_that_sent_her(town: Town) -> None:
    known = {"411002": town.district, town.fuhou.code: town.fuhou}
    made = write_units(
        [
            Unit("411002-bm01", "区审计局", "411002", kind=OrganisationKind.DEPARTMENT),
            Unit("411002001006001", "第一网格党支部", "411002001006", Level.GRID),
        ],
        known,
    )
    person = record_person(actor=SYSTEM, name="尚青")
    post = {"actor": SYSTEM, "person": person, "organisation": made["411002001006001"], "starts_on": DAY}
    with pytest.raises(Invalid, match="只有第一书记"):
        record_appointment(**post, role=Role.SECRETARY, sent_by=made["411002-bm01"])
    with pytest.raises(Invalid, match="须是部门"):
        record_appointment(**post, role=Role.FIRST_SECRETARY, sent_by=town.xida)
    record_appointment(**post, role=Role.FIRST_SECRETARY, sent_by=made["411002-bm01"])
    [sent] = first_secretaries(town.fuhou, DAY)
    assert (sent.name, sent.organisation, sent.department) == ("尚青", "第一网格党支部", "区审计局")


def test_the_page_shows_contacts_to_its_own_chain_only(town: Town) -> None:
    contact = {"kind": PostKind.YARD_HEAD, "name": "郭保全", "work_phone": "0374-2011111", "starts_on": DAY}
    record_row(actor=town.lin, row=GroundContact(community=town.fuhou, **contact))
    address = reverse("grids:people", args=[town.fuhou.code])
    for officer in (town.lin, town.zhou, town.wang):
        assert "0374-2011111" in signed_in(officer).get(address).content.decode()
    for officer in (town.chen, town.wu, town.zheng[0]):
        assert signed_in(officer).get(address).status_code == 404


def test_a_count_is_recorded_on_the_page(town: Town) -> None:
    address = reverse("grids:people", args=[town.fuhou.code])
    form = {"kind": "team_leader", "starts_on": "2026-01-01", "required": "4", "filled": "3"}
    assert signed_in(town.lin).post(address, form).status_code == 302
    refused = signed_in(town.lin).post(address, form | {"filled": "9"})
    assert (refused.status_code, "不能多于应配备" in refused.content.decode()) == (422, True)
    assert signed_in(town.reader).post(address, form).status_code == 403
    assert PostCount.objects.get().filled == 3
