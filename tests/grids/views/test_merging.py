from __future__ import annotations

import pytest
from django.test import Client

from branches.acting import Officer
from core.models import AuditEntry
from grids.models import Grid, GridState
from tests.grids.ground import Ground, courtyard_of, grid_of, ground_of
from tests.people import Town
from tests.queries import queries_of
from tests.scoring.month import on, open_month

pytestmark = pytest.mark.django_db
PAPER = {"starts_on": "2026-12-01", "document_no": "魏网〔2026〕8号"}


@pytest.fixture
def ground(town: Town) -> Ground:
    """府后 with two grids; 金地 of the same street with three."""
    for number in (1, 2, 3):
        courtyard_of(town.lin, town.jindi, number, grid_of(town.lin, town.jindi, number, 100 * number))
    return ground_of(town)


def browser(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def path(where: object) -> str:
    return f"/ground/merge/{where.code}/"  # type: ignore[attr-defined]


def numbers(*chosen: tuple[object, list[int], str]) -> dict[str, str]:
    """The number beside each grid: (community, numbers of its grids, which group)."""
    return {f"g-{where.code}-G{one:03}": group for where, grids, group in chosen for one in grids}  # type: ignore[attr-defined]


def seen_in(text: str) -> str:
    return text.split('name="seen" value="')[1].split('"')[0]


def confirmed(officer: Officer, where: object, form: dict[str, str]) -> tuple[int, str]:
    """Look, then confirm what was seen with the names that were proposed or given."""
    with on("2026-11", 12):
        shown = browser(officer).post(path(where), form | {"step": "preview"})
        assert shown.status_code == 200, shown.content.decode()
        sent = {"seen": seen_in(shown.content.decode()), "step": "merge"}
        done = browser(officer).post(path(where), form | sent, follow=True)
    return done.status_code, done.content.decode()


def named(where: object, number: int, name: str, **more: str) -> dict[str, str]:
    prefix = f"{where.code}-{number}"  # type: ignore[attr-defined]
    return {f"{prefix}-{key}": value for key, value in ({"name": name, "kind": "courtyard"} | more).items()}


def standing() -> list[str]:
    return sorted(state.name for state in GridState.objects.latest_ones().filter(grid__closed_on__isnull=True))


def test_a_street_merges_grids_of_several_communities_in_one_act(town: Town, ground: Ground) -> None:
    form = PAPER | numbers((town.fuhou, [1, 2], "1"), (town.jindi, [1, 3], "１"))
    form |= named(town.fuhou, 1, "府后网格") | named(town.jindi, 1, "金地网格", into=f"{town.jindi.code}-G003")
    status, text = confirmed(town.zhou, town.xida, form)
    assert (status, "已合并 2 组：西大街道 5 个网格变为 3 个。" in text) == (200, True)
    assert standing() == ["府后网格", "第2网格", "金地网格"]
    assert AuditEntry.objects.filter(verb="grids.merge").count() == 2
    kept = Grid.objects.get(code=f"{town.jindi.code}-G003")
    assert kept.states.latest_ones().get().households == 400


def test_nothing_is_kept_by_looking(town: Town, ground: Ground) -> None:
    form = PAPER | numbers((town.fuhou, [1, 2], "1"), (town.jindi, [2, 3], "2"))
    with on("2026-11", 12):
        shown = browser(town.zhou).post(path(town.xida), form | {"step": "preview"})
    text = shown.content.decode()
    assert (shown.status_code, Grid.objects.filter(closed_on__isnull=False).count()) == (200, 0)
    assert (Grid.objects.count(), AuditEntry.objects.count()) == (5, 0)
    assert [
        said for said in ("2 组，网格由 5 个变为 3 个", "庭院与网格 6 条", 'placeholder="600"') if said not in text
    ] == []
    assert [name for name in ("第1网格", "第2网格") if f'-name" value="{name}"' in text] == ["第1网格", "第2网格"]


def test_what_is_confirmed_is_what_was_looked_at(town: Town, ground: Ground) -> None:
    form = PAPER | named(town.fuhou, 1, "府后网格") | numbers((town.fuhou, [1, 2], "1"))
    with on("2026-11", 12):
        for seen in ("", "2026-12-01;411002001006-1=411002001006-G001"):
            answer = browser(town.zhou).post(path(town.xida), form | {"step": "merge", "seen": seen})
            assert (answer.status_code, "请再看一遍影响" in answer.content.decode()) == (422, True)
    assert Grid.objects.filter(closed_on__isnull=False).count() == 0


def test_the_same_form_again_merges_nothing(town: Town, ground: Ground) -> None:
    form = PAPER | named(town.fuhou, 1, "府后网格") | numbers((town.fuhou, [1, 2], "1"))
    confirmed(town.zhou, town.fuhou, form)
    seen = "2026-12-01;411002001006-1=411002001006-G001+411002001006-G002"
    with on("2026-11", 12):
        again = browser(town.zhou).post(path(town.fuhou), form | {"step": "merge", "seen": seen})
    assert (again.status_code, "有 2 个网格已经不在这里" in again.content.decode()) == (422, True)
    assert (Grid.objects.count(), AuditEntry.objects.filter(verb="grids.merge").count()) == (6, 1)


def test_one_refusal_stops_all(town: Town, ground: Ground) -> None:
    GridState.objects.create(
        grid=Grid.objects.get(code=f"{town.jindi.code}-G001"),
        community=town.jindi,
        name="改过的",
        starts_on="2027-01-01",
        recorded_by=town.zhou.appointment,
    )
    form = PAPER | numbers((town.fuhou, [1, 2], "1"), (town.jindi, [1, 2], "1"))
    form |= named(town.fuhou, 1, "府后网格") | named(town.jindi, 1, "金地网格")
    with on("2026-11", 12):
        shown = browser(town.zhou).post(path(town.xida), form | {"step": "preview"})
        seen = seen_in(shown.content.decode())
        refused = browser(town.zhou).post(path(town.xida), form | {"step": "merge", "seen": seen})
    assert [(one.status_code, "2027-01-01 还有登记" in one.content.decode()) for one in (shown, refused)] == [
        (422, True)
    ] * 2
    assert 'value="merge"' not in shown.content.decode()
    assert (Grid.objects.count(), Grid.objects.filter(closed_on__isnull=False).count()) == (5, 0)


def test_the_preview_says_why_an_open_month_forbids_it(town: Town, ground: Ground) -> None:
    form = PAPER | {"starts_on": "2026-10-15"} | numbers((town.fuhou, [1, 2], "1"))
    with on("2026-10", 12):
        open_month(town, "2026-10")
        shown = browser(town.zhou).post(path(town.fuhou), form | {"step": "preview"})
    assert (shown.status_code, "请自2026年11月1日起办理" in shown.content.decode()) == (422, True)
    assert Grid.objects.count() == 5


@pytest.mark.parametrize("day", ["1900-01-01", "2028-01-01"])
def test_a_day_that_nobody_means_is_told_at_its_field(town: Town, ground: Ground, day: str) -> None:
    form = PAPER | {"starts_on": day} | numbers((town.fuhou, [1, 2], "1"))
    confirm = named(town.fuhou, 1, "府后网格") | {"step": "merge"}
    confirm["seen"] = f"{day};411002001006-1=411002001006-G001+411002001006-G002"
    with on("2026-11", 12):
        answers = [browser(town.zhou).post(path(town.fuhou), form | more) for more in ({"step": "preview"}, confirm)]
    for answer in answers:
        errors = answer.context["form"].errors
        assert (answer.status_code, errors) == (422, {"starts_on": ["日期须在 1949 年 10 月以后、一年之内。"]})
        assert 'value="merge"' not in answer.content.decode()
    assert Grid.objects.count() == 5


@pytest.mark.parametrize("number", ["-1", "0", "100", "1e1", "一", "9" * 400, "1_0", "0x1", "NaN", "1.5"])
def test_impossible_numbers_are_refused_in_words(town: Town, ground: Ground, number: str) -> None:
    answer = browser(town.zhou).post(path(town.fuhou), PAPER | numbers((town.fuhou, [1, 2], number)))
    assert (answer.status_code, answer.content.decode().count('class="error" id="id_g-')) == (422, 2)


def test_a_group_of_one_and_no_group_are_said(town: Town, ground: Ground) -> None:
    for form, said in (
        (numbers((town.fuhou, [1], "1")), "第 1 组只有这一个网格。"),
        (numbers((town.fuhou, [1], "1"), (town.jindi, [1], "1")), "第 1 组只有这一个网格。"),
        ({}, "还没有编组"),
    ):
        answer = browser(town.zhou).post(path(town.xida), PAPER | form)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_the_page_costs_the_same_at_two_and_at_five_grids(town: Town) -> None:
    ground_of(town)
    once = queries_of(town.zhou, path(town.xida))
    ground_of(town, town.jindi)
    assert (queries_of(town.zhou, path(town.xida)), once <= 20) == (once, True)
