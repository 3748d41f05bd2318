from __future__ import annotations

import json
import uuid
from datetime import date
from operator import itemgetter
from typing import Any

import pytest

from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from grids.choices import ActivityKind, PostKind
from grids.models import Activity, CourtyardGrid, GroundContact, ServiceContract
from grids.services.rows import change_row, confirm_rows, record_row, void_row
from tests.grids.ground import ground_of
from tests.people import Town

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)


def contract(town: Town, starts_on: date, ends_on: date | None = None) -> ServiceContract:
    ground = ground_of(town) if not ServiceContract.objects.exists() else None
    if ground is not None:
        town.__dict__["ground"] = ground
    ground = town.__dict__["ground"]
    return ServiceContract(
        community=ground.community,
        courtyard=ground.courtyards[0],
        company=ground.company,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def activity(town: Town, **values: object) -> Activity:
    given = {"community": town.fuhou, "on": DAY, "kind": ActivityKind.VOLUNTEER, "title": "清理楼道"}
    return Activity(**given | values)


def payload_of(verb: str) -> dict[str, Any]:
    return json.loads(AuditEntry.objects.get(verb=verb).payload)


def test_a_row_is_kept_with_its_values_in_the_audit(town: Town) -> None:
    row = record_row(actor=town.lin, row=activity(town, title="  清理　楼道 "))
    assert (row.title, row.recorded_by) == ("清理 楼道", town.lin.appointment)
    assert itemgetter("title", "on")(payload_of("grids.record")["after"]) == ("清理 楼道", "2026-10-12")


def test_the_same_form_twice_is_one_row(town: Town) -> None:
    key = uuid.uuid4()
    first = record_row(actor=town.lin, row=activity(town, key=key))
    assert record_row(actor=town.lin, row=activity(town, key=key)) == first
    assert Activity.objects.count() == 1


def test_another_community_may_not(town: Town) -> None:
    with pytest.raises(Forbidden):
        record_row(actor=town.chen, row=activity(town))
    with pytest.raises(Forbidden):
        record_row(actor=town.wu, row=activity(town))
    assert record_row(actor=town.zhou, row=activity(town)).community == town.fuhou


def test_a_change_says_before_and_after_and_a_stale_one_is_refused(town: Town) -> None:
    row = record_row(actor=town.lin, row=activity(town))
    row.title = "清理院落"
    change_row(actor=town.lin2, row=row, version=0)
    stale = Activity.objects.get(pk=row.pk)
    stale.title = "别的"
    with pytest.raises(Conflict, match="没有覆盖"):
        change_row(actor=town.lin, row=stale, version=0)
    payload = payload_of("grids.change")
    assert (payload["before"], payload["after"]) == ({"title": "清理楼道"}, {"title": "清理院落"})
    assert Activity.objects.get(pk=row.pk).title == "清理院落"


def test_a_change_to_nothing_leaves_no_trace(town: Town) -> None:
    row = record_row(actor=town.lin, row=activity(town))
    change_row(actor=town.lin, row=row, version=0)
    assert not AuditEntry.objects.filter(verb="grids.change").exists()


def test_a_voided_row_stays_and_is_not_changed_again(town: Town) -> None:
    row = record_row(actor=town.lin, row=activity(town))
    void_row(actor=town.lin, row=row, version=0, reason="重复登记")
    stored = Activity.objects.get(pk=row.pk)
    assert (stored.void_reason, Activity.objects.standing().count()) == ("重复登记", 0)
    with pytest.raises(Conflict, match="已作废"):
        change_row(actor=town.lin, row=stored, version=1)


def test_rows_are_confirmed_in_one_act(town: Town) -> None:
    rows = [record_row(actor=town.lin, row=activity(town)) for _ in range(3)]
    assert confirm_rows(actor=town.zhou, rows=rows, on=date(2026, 10, 1)) == 3
    assert set(Activity.objects.values_list("confirmed_on", flat=True)) == {date(2026, 10, 1)}
    assert AuditEntry.objects.filter(verb="grids.confirm").count() == 1


def test_a_phone_number_in_a_title_is_refused_by_field(town: Town) -> None:
    with pytest.raises(Invalid) as caught:
        record_row(actor=town.lin, row=activity(town, title="联系 13803741234"))
    assert list(caught.value.errors) == ["title"]
    assert Activity.objects.count() == 0


def test_contracts_do_not_overlap(town: Town) -> None:
    record_row(actor=town.lin, row=contract(town, date(2025, 1, 1), date(2026, 1, 1)))
    record_row(actor=town.lin, row=contract(town, date(2026, 1, 1)))
    with pytest.raises(Invalid, match="重叠"):
        record_row(actor=town.lin, row=contract(town, date(2024, 1, 1), date(2025, 1, 2)))
    assert ServiceContract.objects.count() == 2


def test_a_courtyard_is_not_put_into_a_grid_beyond_its_end(town: Town) -> None:
    ground = ground_of(town)
    ground.grids[1].closed_on = date(2026, 6, 1)
    ground.grids[1].save()
    link = CourtyardGrid(
        community=town.fuhou, courtyard=ground.courtyards[0], grid=ground.grids[1], starts_on=date(2026, 1, 1)
    )
    with pytest.raises(Invalid) as caught:
        record_row(actor=town.lin, row=link)
    assert list(caught.value.errors) == ["ends_on"]
    link.starts_on = date(2026, 6, 1)
    with pytest.raises(Invalid, match="不存在"):
        record_row(actor=town.lin, row=link)


def test_a_contact_stands_in_the_audit_by_digest_only(town: Town) -> None:
    row = GroundContact(
        community=town.fuhou, kind=PostKind.YARD_HEAD, name="郭保全", work_phone="0374-2011111", starts_on=DAY
    )
    record_row(actor=town.lin, row=row)
    after = payload_of("grids.record")["after"]
    assert "郭保全" not in str(after)
    assert len(after["name"]) == len(after["work_phone"]) == 64
