"""The tree of a day, history and ranked search."""

from datetime import date, timedelta

import pytest

from branches.calc.search_keys import search_keys
from branches.models import Alias, Organisation
from branches.selectors.chain import chain_tree, history_of, parents_of, search_organisations
from branches.services.organisation import close_organisation
from branches.services.placing import move_organisation, rename_organisation
from core import clock
from tests.people import OPENED_ON, Town, Unit, write_units

PAPER = {"document_no": "1号", "reason": "调整"}
DAY = date(2026, 3, 1)


def outline(nodes: list) -> dict:
    return {node.name: outline(node.below) for node in nodes}


def test_the_tree(town: Town) -> None:
    (district,) = chain_tree(clock.today())
    assert [office.name for office in district.offices][0] == "区创建办"
    assert outline(district.chain) == {
        "西大街道": {"金地社区": {}, "府后社区": {}},
        "五一路街道": {"光明社区": {}, "樊沟社区": {}},
    }
    assert chain_tree(OPENED_ON - timedelta(days=1)) == []


def test_one_query_whatever_the_size(town: Town, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        chain_tree(clock.today())
    known = {one.code: one for one in Organisation.objects.all()}
    write_units([Unit(f"41100200120{n}", f"新{n}", "411002001", 3, track="urban") for n in range(10)], known)
    with django_assert_num_queries(1):
        assert len(chain_tree(clock.today())[0].chain[0].below) == 12


def test_history_newest_first_with_last_days(town: Town) -> None:
    rename_organisation(actor=town.wang, organisation=town.xida, name="西大新街道", starts_on=DAY, **PAPER)
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=DAY, **PAPER)
    later = date(2026, 6, 1)
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.xida, starts_on=later, **PAPER)
    close_organisation(actor=town.wang, organisation=town.fuhou, closed_on=date(2026, 7, 1), **PAPER)
    town.fuhou.refresh_from_db()
    rows = [(row.placement.starts_on, row.last_on, row.parent_name, row.changes) for row in history_of(town.fuhou)]
    assert rows == [
        (later, date(2026, 6, 30), "西大新街道", ("划转",)),
        (DAY, date(2026, 5, 31), "五一路街道", ("划转",)),
        (OPENED_ON, date(2026, 2, 28), "西大街道", ("成立",)),
    ]


def test_parents_from_the_top(town: Town) -> None:
    assert [str(one) for one in parents_of(town.fuhou, clock.today())] == ["魏都区委", "西大街道"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("西大街道", ["西大街道"]),
        ("xd", ["西大街道"]),
        ("411002006", ["五一路街道", "光明社区", "樊沟社区"]),
        ("社区", ["金地社区", "府后社区", "光明社区", "樊沟社区"]),
        ("fhsq", ["府后社区"]),
        ("", []),
        ("\u3000", []),
        ("zzz", []),
    ],
)
def test_search_is_ranked(town: Town, text: str, expected: list[str]) -> None:
    assert [found.name for found in search_organisations(text, clock.today())] == expected


def test_search_by_alias_old_name_and_reading(town: Town) -> None:
    Alias.objects.create(organisation=town.xida, name="西大街街道", search_keys=search_keys("西大街街道"))
    (found,) = search_organisations("西大街街", clock.today())
    assert (found.name, found.alias, found.parent_name) == ("西大街道", "西大街街道", "魏都区委")
    rename_organisation(actor=town.wang, organisation=town.jindi, name="长青社区", starts_on=DAY, **PAPER)
    for text in ("cq", "zq", "changqing", "长青"):
        assert [one.name for one in search_organisations(text, clock.today())] == ["长青社区"]
    assert search_organisations("金地", clock.today()) == []
    assert [one.name for one in search_organisations("金地", DAY - timedelta(days=1))] == ["金地社区"]


def test_search_stops_at_fifty(town: Town) -> None:
    known = {one.code: one for one in Organisation.objects.all()}
    write_units([Unit(f"4110020012{n:02}", f"新{n}村社区", "411002001", 3, track="urban") for n in range(60)], known)
    assert len(search_organisations("村社区", clock.today())) == 50
