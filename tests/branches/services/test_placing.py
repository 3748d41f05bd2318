"""Renaming, moving and re-classing by dated placements."""

from datetime import date, timedelta

import pytest

from branches.choices import PartyForm, Track
from branches.models import Ancestry, Organisation, Placement
from branches.services.ancestry import rebuild_ancestry
from branches.services.organisation import close_organisation
from branches.services.placing import change_form, change_track, move_organisation, rename_organisation
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from tests.people import OPENED_ON, Town

PAPER = {"document_no": "魏组〔2026〕1号", "reason": "区划调整"}
SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


def as_of(organisation: Organisation, day: date) -> Organisation:
    return Organisation.objects.as_of(day).get(pk=organisation.pk)


def street_of(organisation: Organisation, day: date) -> str:
    return Ancestry.objects.in_force(day).get(descendant=organisation, depth=1).ancestor.code


def test_a_new_name_holds_from_its_day_on(town: Town) -> None:
    rename_organisation(actor=town.wang, organisation=town.fuhou, name=" 府后新社区 ", starts_on=SPRING, **PAPER)
    assert as_of(town.fuhou, SPRING - timedelta(days=1)).name == "府后社区"
    assert as_of(town.fuhou, SPRING).name == "府后新社区"
    assert as_of(town.fuhou, SPRING).parent_id == town.xida.pk


def test_a_renamed_organisation_is_found_by_its_new_initials(town: Town) -> None:
    placement = rename_organisation(actor=town.wang, organisation=town.fuhou, name="平安", starts_on=SPRING, **PAPER)
    assert " pa " in placement.search_keys


def test_a_move_in_the_future_changes_nothing_before_it(town: Town) -> None:
    later = clock.today() + timedelta(days=30)
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=later, **PAPER)
    assert street_of(town.fuhou, later - timedelta(days=1)) == "411002001"
    assert street_of(town.fuhou, later) == "411002006"
    assert town.fuhou in Organisation.objects.below(town.xida, clock.today())
    assert town.fuhou not in Organisation.objects.below(town.xida, later)


def test_a_backdated_move_ends_at_the_next_one(town: Town) -> None:
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=AUTUMN, **PAPER)
    with pytest.raises(Conflict, match="没有变化"):
        move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.xida, starts_on=SUMMER, **PAPER)
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=SPRING, **PAPER)
    assert street_of(town.fuhou, SPRING - timedelta(days=1)) == "411002001"
    assert street_of(town.fuhou, SUMMER) == street_of(town.fuhou, AUTUMN) == "411002006"
    rows = Ancestry.objects.filter(descendant=town.fuhou, ancestor=town.wuyi)
    assert [(row.starts_on, row.ends_on) for row in rows] == [(SPRING, None)]


def test_a_move_before_a_recorded_rename_is_not_undone_by_it(town: Town) -> None:
    rename = rename_organisation(actor=town.wang, organisation=town.fuhou, name="新府后", starts_on=AUTUMN, **PAPER)
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=SPRING, **PAPER)
    assert street_of(town.fuhou, AUTUMN) == "411002006"
    assert as_of(town.fuhou, AUTUMN).name == "新府后"
    assert as_of(town.fuhou, SUMMER).name == "府后社区"
    rename.refresh_from_db()
    assert rename.parent_id == town.xida.pk, "what was frozen from it stays as it was"
    assert as_of(town.fuhou, AUTUMN).placement_id != rename.pk


def test_a_change_stops_where_the_same_thing_was_changed_again(town: Town) -> None:
    rename_organisation(actor=town.wang, organisation=town.fuhou, name="三名", starts_on=AUTUMN, **PAPER)
    rename_organisation(actor=town.wang, organisation=town.fuhou, name="二名", starts_on=SPRING, **PAPER)
    names = [as_of(town.fuhou, day).name for day in (OPENED_ON, SPRING, SUMMER, AUTUMN)]
    assert names == ["府后社区", "二名", "二名", "三名"]


def test_two_changes_of_one_day_are_both_kept(town: Town) -> None:
    rename_organisation(actor=town.wang, organisation=town.fuhou, name="二名", starts_on=SPRING, **PAPER)
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=SPRING, **PAPER)
    now = as_of(town.fuhou, SPRING)
    assert (now.name, now.parent_id) == ("二名", town.wuyi.pk)
    assert [row.revision for row in Placement.objects.filter(organisation=town.fuhou, starts_on=SPRING)] == [1, 2]
    assert Placement.objects.current().filter(organisation=town.fuhou).count() == 2


def test_half_open_days(town: Town) -> None:
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=SPRING, **PAPER)
    old = Ancestry.objects.get(descendant=town.fuhou, ancestor=town.xida)
    new = Ancestry.objects.get(descendant=town.fuhou, ancestor=town.wuyi)
    assert (old.starts_on, old.ends_on, new.starts_on, new.ends_on) == (OPENED_ON, SPRING, SPRING, None)
    assert Ancestry.objects.filter(descendant=town.fuhou, ancestor=town.district).count() == 1


@pytest.mark.parametrize("parent", ["district", "jindi", "office", "fuhou"])
def test_a_parent_is_exactly_one_level_up(town: Town, parent: str) -> None:
    with pytest.raises(Invalid, match="上级须为街道党工委"):
        move_organisation(
            actor=town.wang, organisation=town.fuhou, parent=getattr(town, parent), starts_on=SPRING, **PAPER
        )


def test_the_office_hangs_under_the_district_only(town: Town) -> None:
    with pytest.raises(Invalid, match="上级须为区委"):
        move_organisation(actor=town.wang, organisation=town.office, parent=town.xida, starts_on=SPRING, **PAPER)


def test_the_district_has_no_parent(town: Town) -> None:
    with pytest.raises(Invalid, match="没有上级"):
        move_organisation(actor=town.wang, organisation=town.district, parent=town.xida, starts_on=SPRING, **PAPER)


def test_not_under_a_street_about_to_close(town: Town) -> None:
    for community in (town.guangming, town.fangou):
        move_organisation(actor=town.wang, organisation=community, parent=town.xida, starts_on=SPRING, **PAPER)
    close_organisation(actor=town.wang, organisation=town.wuyi, closed_on=AUTUMN, **PAPER)
    with pytest.raises(Invalid, match="撤销"):
        move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=SUMMER, **PAPER)


def test_not_before_it_was_founded_and_not_after_it_closed(town: Town) -> None:
    with pytest.raises(Invalid, match="不能更早"):
        rename_organisation(
            actor=town.wang, organisation=town.fuhou, name="早", starts_on=OPENED_ON - timedelta(days=1), **PAPER
        )
    close_organisation(actor=town.wang, organisation=town.fuhou, closed_on=SUMMER, **PAPER)
    with pytest.raises(Conflict, match="撤销"):
        rename_organisation(actor=town.wang, organisation=town.fuhou, name="晚", starts_on=SUMMER, **PAPER)


def test_track_is_the_communities_only(town: Town) -> None:
    change_track(actor=town.wang, organisation=town.fuhou, track=Track.AGRICULTURAL, starts_on=SPRING, **PAPER)
    assert as_of(town.fuhou, SPRING).track == Track.AGRICULTURAL
    with pytest.raises(Invalid, match="只有社区"):
        change_track(actor=town.wang, organisation=town.xida, track=Track.URBAN, starts_on=SPRING, **PAPER)
    with pytest.raises(Invalid, match="须注明"):
        change_track(actor=town.wang, organisation=town.fuhou, track="rural", starts_on=SPRING, **PAPER)


def test_form(town: Town) -> None:
    change_form(actor=town.wang, organisation=town.jindi, form=PartyForm.COMMITTEE, starts_on=SPRING, **PAPER)
    assert as_of(town.jindi, SPRING).form == PartyForm.COMMITTEE


@pytest.mark.parametrize("missing", ["document_no", "reason"])
def test_document_and_reason_are_asked_for(town: Town, missing: str) -> None:
    paper = PAPER | {missing: "　"}
    with pytest.raises(Invalid) as refused:
        rename_organisation(actor=town.wang, organisation=town.fuhou, name="新名", starts_on=SPRING, **paper)
    assert list(refused.value.errors) == [missing]


@pytest.mark.parametrize("name", ["", "　", "\u200b", "名\x00", "\ud800", "名" * 81, "名" * 10_000, None])
def test_hostile_names(town: Town, name: object) -> None:
    with pytest.raises(Invalid) as refused:
        rename_organisation(actor=town.wang, organisation=town.fuhou, name=name, starts_on=SPRING, **PAPER)  # type: ignore[arg-type]
    assert list(refused.value.errors) == ["name"]
    assert Placement.objects.filter(organisation=town.fuhou).count() == 1


@pytest.mark.parametrize("who", ["lin", "zhou", "reader", "sysadmin", "secadmin", "auditor"])
def test_only_the_creation_office_keeps_the_chain(town: Town, who: str) -> None:
    with pytest.raises(Forbidden):
        rename_organisation(actor=getattr(town, who), organisation=town.fuhou, name="新名", starts_on=SPRING, **PAPER)
    with pytest.raises(Forbidden):
        close_organisation(actor=getattr(town, who), organisation=town.fuhou, closed_on=SPRING, **PAPER)


def test_one_audit_entry_an_act_with_before_and_after(town: Town) -> None:
    rename_organisation(actor=town.wang, organisation=town.fuhou, name="新名", starts_on=SPRING, **PAPER)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id, entry.object_id) == ("branches.rename", town.wang.user_id, str(town.fuhou.pk))
    assert '"before":{"name":"府后社区"}' in entry.payload
    assert '"after":{"name":"新名"}' in entry.payload


def test_placements_are_never_rewritten(town: Town) -> None:
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        Placement.objects.filter(organisation=town.fuhou).update(name="改写")


def test_stored_ancestry_is_right_after_all_of_this(town: Town) -> None:
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=SPRING, **PAPER)
    close_organisation(actor=town.wang, organisation=town.jindi, closed_on=SUMMER, **PAPER)
    assert not rebuild_ancestry(dry_run=True)
