"""Founding and closing organisations."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from branches.choices import Level, OrganisationKind, SuccessionKind, Track
from branches.models import Alias, Ancestry, Organisation, Placement, Succession
from branches.services.organisation import NewOrganisation, close_organisation, found_organisation
from branches.services.placing import move_organisation
from core import guards
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from tests.people import OPENED_ON, Town

PAPER = {"document_no": "魏组〔2026〕2号", "reason": "新设"}
DAY = date(2026, 3, 1)


def new(town: Town, **changes: object) -> NewOrganisation:
    values = {
        "code": "411002001020",
        "name": "新华社区",
        "level": Level.COMMUNITY,
        "parent": town.xida,
        "track": Track.URBAN,
    } | changes
    return NewOrganisation(**values)  # type: ignore[arg-type]


def test_a_community_stands_from_its_day_on(town: Town) -> None:
    founded = found_organisation(actor=town.wang, new=new(town, aliases=("新华村",)), opened_on=DAY, **PAPER)
    assert founded in Organisation.objects.standing_on(DAY)
    assert founded not in Organisation.objects.standing_on(DAY - timedelta(days=1))
    assert founded in Organisation.objects.below(town.district, DAY)
    assert founded not in Organisation.objects.below(town.district, DAY - timedelta(days=1))
    assert Organisation.objects.as_of(DAY).get(pk=founded.pk).name == "新华社区"
    assert Alias.objects.get(organisation=founded).search_keys.startswith(" xhc ")
    assert AuditEntry.objects.get().verb == "branches.found"


def test_codes_of_grids_and_courtyards_follow_from_the_parent(town: Town) -> None:
    grids = [
        found_organisation(
            actor=town.wang,
            new=NewOrganisation(name=f"第{number}网格党支部", level=Level.GRID, parent=town.fuhou),
            opened_on=DAY,
            **PAPER,
        )
        for number in (1, 2)
    ]
    assert [grid.code for grid in grids] == ["411002001006001", "411002001006002"]
    courtyard = found_organisation(
        actor=town.wang,
        new=NewOrganisation(name="家属院党小组", level=Level.COURTYARD, parent=grids[1]),
        opened_on=DAY,
        **PAPER,
    )
    assert courtyard.code == "411002001006002001"
    assert Ancestry.objects.filter(descendant=courtyard).count() == 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "4110 02"}, "code"),
        ({"code": "４１１００２"}, "code"),
        ({"code": "4" * 31}, "code"),
        ({"name": ""}, "name"),
        ({"level": None}, "level"),
        ({"level": 9}, "level"),
        ({"kind": OrganisationKind.TASK_FORCE}, "level"),
        ({"kind": "club", "level": None}, "level"),
        ({"track": ""}, "track"),
        ({"form": "club"}, "form"),
        ({"parent": None}, "parent"),
        ({"level": Level.GRID, "track": ""}, "parent"),
    ],
)
def test_unusable_input_names_its_field(town: Town, changes: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        found_organisation(actor=town.wang, new=new(town, **changes), opened_on=DAY, **PAPER)
    assert list(refused.value.errors) == [field]
    assert not Organisation.objects.filter(opened_on=DAY).exists()


def test_a_code_is_given_once_for_ever(town: Town) -> None:
    close_organisation(actor=town.wang, organisation=town.jindi, closed_on=DAY, **PAPER)
    with pytest.raises(Conflict, match="411002001001"):
        found_organisation(actor=town.wang, new=new(town, code=town.jindi.code), opened_on=DAY, **PAPER)


def test_the_parent_stands_on_that_day(town: Town) -> None:
    with pytest.raises(Invalid, match="尚未成立"):
        found_organisation(actor=town.wang, new=new(town), opened_on=OPENED_ON - timedelta(days=1), **PAPER)


def test_only_the_creation_office_founds(town: Town) -> None:
    with pytest.raises(Forbidden):
        found_organisation(actor=town.zhou, new=new(town), opened_on=DAY, **PAPER)


def test_closing_ends_everything_at_that_day(town: Town) -> None:
    close_organisation(actor=town.wang, organisation=town.fuhou, closed_on=DAY, **PAPER)
    assert town.fuhou not in Organisation.objects.standing_on(DAY)
    assert town.fuhou in Organisation.objects.standing_on(DAY - timedelta(days=1))
    assert not Ancestry.objects.in_force(DAY).filter(descendant=town.fuhou).exists()
    with pytest.raises(Conflict, match="已登记"):
        close_organisation(actor=town.wang, organisation=town.fuhou, closed_on=DAY, **PAPER)


def test_a_street_with_communities_stays(town: Town) -> None:
    with pytest.raises(Conflict, match="还有2个党组织"):
        close_organisation(actor=town.wang, organisation=town.xida, closed_on=DAY, **PAPER)


def test_a_street_into_which_something_will_move_stays(town: Town) -> None:
    for community in (town.jindi, town.fuhou):
        close_organisation(actor=town.wang, organisation=community, closed_on=DAY, **PAPER)
    later = DAY + timedelta(days=30)
    move_organisation(actor=town.wang, organisation=town.fangou, parent=town.xida, starts_on=later, **PAPER)
    with pytest.raises(Conflict, match="还有1个党组织"):
        close_organisation(actor=town.wang, organisation=town.xida, closed_on=DAY, **PAPER)


def test_an_app_to_the_right_can_object(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guards._guards, "organisation.close", [lambda subject, day: f"{subject.code}还有未办结的诉求"])
    with pytest.raises(Conflict, match="411002001006还有未办结的诉求"):
        close_organisation(actor=town.wang, organisation=town.fuhou, closed_on=DAY, **PAPER)
    town.fuhou.refresh_from_db()
    assert town.fuhou.closed_on is None


def test_a_successor_is_written_down_and_inherits_nothing(town: Town) -> None:
    close_organisation(
        actor=town.wang,
        organisation=town.fuhou,
        closed_on=DAY,
        successor=town.jindi,
        succession=SuccessionKind.MERGE,
        **PAPER,
    )
    row = Succession.objects.get()
    assert (row.predecessor, row.successor, row.effective_on) == (town.fuhou, town.jindi, DAY)
    assert Placement.objects.filter(organisation=town.jindi).count() == 1


@pytest.mark.parametrize("other", ["xida", "fuhou"])
def test_a_successor_is_another_of_the_same_level(town: Town, other: str) -> None:
    with pytest.raises(Invalid) as refused:
        close_organisation(
            actor=town.wang, organisation=town.fuhou, closed_on=DAY, successor=getattr(town, other), **PAPER
        )
    assert list(refused.value.errors) == ["successor"]
    town.fuhou.refresh_from_db()
    assert town.fuhou.closed_on is None


def test_closing_on_the_first_day_or_the_district(town: Town) -> None:
    with pytest.raises(Invalid, match="晚于"):
        close_organisation(actor=town.wang, organisation=town.fuhou, closed_on=OPENED_ON, **PAPER)
    with pytest.raises(Conflict, match="区委"):
        close_organisation(actor=town.wang, organisation=town.district, closed_on=DAY, **PAPER)


# -- what the schema itself refuses


def add_organisation(town: Town, **values: object) -> None:
    Organisation.objects.create(**{"code": "x1", "level": 3, "opened_on": OPENED_ON} | values)


def add_placement(town: Town, **values: object) -> None:
    Placement.objects.create(organisation=town.fuhou, parent=town.xida, name="名", reason="因", **values)


def add_own_parent(town: Town) -> None:
    Placement.objects.create(organisation=town.fuhou, parent=town.fuhou, name="名", reason="因", starts_on=DAY)


def add_own_successor(town: Town) -> None:
    Succession.objects.create(predecessor=town.fuhou, successor=town.fuhou, effective_on=DAY, kind="merge")


def add_alias(town: Town) -> None:
    Alias.objects.bulk_create(Alias(organisation=town.fuhou, name="府后街") for _ in range(2))


@pytest.mark.parametrize(
    ("add", "values"),
    [
        (add_organisation, {"code": "411002"}),
        (add_organisation, {"level": None}),
        (add_organisation, {"kind": "task_force", "level": 2}),
        (add_organisation, {"closed_on": OPENED_ON}),
        (add_placement, {"starts_on": OPENED_ON}),
        (add_own_parent, {}),
        (add_own_successor, {}),
        (add_alias, {}),
    ],
)
def test_constraints(town: Town, add: Callable[..., None], values: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        add(town, **values)
