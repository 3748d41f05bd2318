"""表格修改: typed and pasted rows are kept together or not at all."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from core.models import AuditEntry
from grids.models import Activity, ServiceContract
from grids.registers import register_named
from tests.grids.rows import SLUGS, Rows
from tests.grids.views.test_registers import client_of, page
from tests.people import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(town: Town) -> Rows:
    return Rows(town)


def grid_form(text: str) -> dict[str, str]:
    """What a browser would send of a shown grid."""
    found = dict(re.findall(r'<input type="(?:text|hidden)" name="([^"]+)" value="([^"]*)"', text))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        found[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    return {**found, "act": "save"}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_grid_saved_as_it_was_shown_changes_nothing(rows: Rows, slug: str) -> None:
    kept = [rows.row(slug, number) for number in (1, 2)]
    before = list(type(kept[0]).objects.order_by("pk").values())
    client = client_of(rows.keeper(slug))
    form = grid_form(client.get(page(slug, act="grid")).content.decode())
    has_ended = getattr(kept[0], "ends_on", None) is not None
    assert (f"v-{kept[0].pk}" in form) is not has_ended
    assert client.post(page(slug, act="grid"), form).status_code == 302
    assert list(type(kept[0]).objects.order_by("pk").values()) == before
    assert not AuditEntry.objects.filter(verb="grids.keep_rows").exists()


def test_changes_and_new_rows_are_one_act(rows: Rows) -> None:
    kept = [rows.row("activities", number) for number in (1, 2)]
    client = client_of(rows.town.lin)
    form = grid_form(client.get(page("activities", act="grid")).content.decode())
    form |= {
        f"c-{kept[0].pk}-title": "清理院落",
        "n-1-on": "2026年3月5日",
        "n-1-kind": "drill",
        "n-1-title": "消防演练",
    }
    answers = [client.post(page("activities", act="grid"), form).status_code for _twice in range(2)]
    assert answers == [302, 302]
    said = dict(Activity.objects.values_list("title", "version"))
    assert (said, Activity.objects.count()) == ({"清理院落": 1, "清理楼道2": 0, "消防演练": 0}, 3)
    (entry,) = AuditEntry.objects.filter(verb="grids.keep_rows")
    changed, new = json.loads(entry.payload)["rows"]
    assert (changed["before"], changed["after"]) == ({"title": "清理楼道1"}, {"title": "清理院落"})
    assert new["after"]["title"] == "消防演练"
    history = client.get(page("activities", kept[0])).content.decode()
    assert ("批量登记底数" in history, "<del>清理楼道1</del>" in history) == (True, True)
    assert "批量登记底数" not in client.get(page("activities", kept[1])).content.decode()


def test_every_fault_is_told_at_its_cell_and_nothing_is_kept(rows: Rows) -> None:
    kept = rows.row("activities")
    client = client_of(rows.town.lin)
    form = grid_form(client.get(page("activities", act="grid")).content.decode())
    form |= {
        f"c-{kept.pk}-on": "2026-13-01",
        "n-1-title": "联系 13803741234",
        "n-2-title": "好的",
        "n-2-on": "2026-03-01",
    }
    answer = client.post(page("activities", act="grid"), form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'<p class="error" id="([^"]+)-error">([^<]+)</p>', text) == [
        (f"c-{kept.pk}-on", "没有“2026-13-01”这一天。"),
        ("n-1-on", "不能为空。"),
        ("n-1-kind", "不能为空。"),
        ("n-2-kind", "不能为空。"),
    ]
    assert 'value="联系 13803741234"' in text
    assert list(Activity.objects.values_list("title", "version")) == [("清理楼道1", 0)]


def test_rules_between_rows_are_asked_after_all_are_written(rows: Rows) -> None:
    """The old contract ends in the act that records the new one, whatever the order of the lines."""
    old = rows.row("service-contracts")
    ServiceContract.objects.update(ends_on=None)
    client = client_of(rows.town.lin)
    form = grid_form(client.get(page("service-contracts", act="grid")).content.decode())
    new = {"courtyard": old.courtyard.code, "company": old.company.name, "starts_on": "2025-01-01"}
    form |= {f"n-1-{name}": value for name, value in new.items()}
    refused = client.post(page("service-contracts", act="grid"), form)
    assert (refused.status_code, "重叠" in refused.content.decode(), ServiceContract.objects.count()) == (422, True, 1)
    form[f"c-{old.pk}-ends_on"] = "2025-01-01"
    assert client.post(page("service-contracts", act="grid"), form).status_code == 302
    assert ServiceContract.objects.count() == 2


def test_a_pasted_block_becomes_new_lines_that_can_be_saved(rows: Rows) -> None:
    client = client_of(rows.town.lin)
    form = grid_form(client.get(page("activities", act="grid")).content.decode())
    block = "日期\t类别\t做了什么\t网格\n2026.3.1\t义诊\t免费测血压\t第1网格\n合计\t\t1\t\n"
    shown = client.post(page("activities", act="grid"), form | {"act": "paste", "block": block})
    assert (shown.status_code, Activity.objects.count()) == (200, 0)
    assert client.post(page("activities", act="grid"), grid_form(shown.content.decode())).status_code == 302
    (kept,) = Activity.objects.all()
    assert (str(kept.on), kept.kind, kept.title, kept.grid) == (
        "2026-03-01",
        "clinic",
        "免费测血压",
        rows.ground.grids[0],
    )


def test_a_row_of_another_community_is_not_there(rows: Rows) -> None:
    kept = rows.row("activities")
    form: dict[str, Any] = {"act": "save", f"c-{kept.pk}-title": "改掉", f"v-{kept.pk}": "0"}
    answer = client_of(rows.town.chen).post(page("activities", act="grid"), form)
    assert answer.status_code == 422
    assert Activity.objects.get().title == "清理楼道1"


def test_a_row_elsewhere_that_is_seen_and_not_kept_is_refused(rows: Rows) -> None:
    assert client_of(rows.town.reader).post(page("activities", act="grid"), {"act": "save"}).status_code == 403
    assert register_named("activities").model is Activity
