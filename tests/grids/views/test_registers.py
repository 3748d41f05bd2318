"""What holds for every register: who sees and keeps it, one row a form, nobody overwritten, a price that stays."""

from __future__ import annotations

import re
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from branches.acting import Officer
from grids.choices import NormKey
from grids.models import Team
from grids.models.base import KeptRow
from grids.registers import Register, register_named
from grids.selectors.registers import shelves
from grids.services.norms import record_norm
from grids.services.rows import void_row
from tests.grids.ground import SINCE
from tests.grids.rows import SLUGS, Rows
from tests.people import Town
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
OF_COMMUNITY = [slug for slug in SLUGS if register_named(slug).is_of_community]


@pytest.fixture
def rows(town: Town) -> Rows:
    return Rows(town)


def client_of(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def page(slug: str, row: Any = None, act: str = "") -> str:
    return f"/ground/registers/{slug}/" + (f"{row.pk}/" if row else "") + (f"{act}/" if act else "")


def changed_form(rows: Rows, register: Register) -> tuple[dict[str, str], str]:
    """A form that differs in one text or number from the row of number 1, and the field it differs in."""
    field = next(name for name in ("title", "what", "name", "note", "income", "ends_on") if name in register.fields)
    value = {"income": "99.25", "ends_on": "2029-12-31"}.get(field, "改过的内容")
    return rows.form(register.slug, **{field: value}), field


# -- seeing


@pytest.mark.parametrize("slug", SLUGS)
def test_a_row_is_listed_and_shown_with_its_history(rows: Rows, slug: str) -> None:
    row, client = rows.row(slug), client_of(rows.keeper(slug))
    listed = client.get(page(slug)).content.decode()
    assert re.findall(rf'href="{page(slug, row)}"', listed) == [f'href="{page(slug, row)}"']
    shown = client.get(page(slug, row)).content.decode()
    assert shown.count('class="timeline-meta"') == 1
    assert "登记底数" in shown


@pytest.mark.parametrize("slug", OF_COMMUNITY)
def test_outside_the_scope_it_is_not_there(rows: Rows, slug: str) -> None:
    row = rows.row(slug)
    for officer in (rows.town.wu, rows.town.chen, rows.town.zheng[0]):
        client = client_of(officer)
        for act in ("", "edit", "void"):
            assert client.get(page(slug, row, act)).status_code == 404
        assert client.post(page(slug, row, "mark"), {"mark": "done", "version": "0"}).status_code == 404
        assert page(slug, row) not in client.get(page(slug)).content.decode()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_reader_sees_and_may_not_keep(rows: Rows, slug: str) -> None:
    row, client = rows.row(slug), client_of(rows.town.reader)
    assert client.get(page(slug, row)).status_code == 200
    for address in (page(slug, row, "edit"), page(slug, row, "void"), page(slug, act="new")):
        refused = client.get(address)
        assert (refused.status_code, "区创建办" in refused.content.decode()) == (403, True)
        assert client.post(address, rows.form(slug)).status_code == 403
    assert client.post(page(slug, act="confirm"), {"chosen": str(row.pk)}).status_code == 403
    assert type(row).objects.get(pk=row.pk).version == 0


@pytest.mark.parametrize("slug", OF_COMMUNITY)
def test_nobody_enters_for_another_community(rows: Rows, slug: str) -> None:
    rows.row(slug)
    count = register_named(slug).model.objects.count()
    assert client_of(rows.town.chen).post(page(slug, act="new"), rows.form(slug)).status_code == 404
    assert client_of(rows.town.reader).post(page(slug, act="new"), rows.form(slug)).status_code == 403
    assert register_named(slug).model.objects.count() == count


@pytest.mark.parametrize("slug", SLUGS)
def test_a_list_costs_the_same_for_one_row_and_for_three(rows: Rows, slug: str) -> None:
    rows.row(slug, 1)
    officer = rows.keeper(slug)
    one = queries_of(officer, page(slug))
    rows.row(slug, 2)
    rows.row(slug, 3)
    assert queries_of(officer, page(slug)) == one
    assert one <= 20


# -- keeping


@pytest.mark.parametrize("slug", SLUGS)
def test_a_double_click_makes_one_row(rows: Rows, slug: str) -> None:
    model, client = register_named(slug).model, client_of(rows.keeper(slug))
    form = rows.form(slug) | {"key": str(uuid.uuid4())}
    before = set(model.objects.values_list("pk", flat=True))
    first, second = (client.post(page(slug, act="new"), form) for _ in range(2))
    (made,) = model.objects.exclude(pk__in=before)
    assert [first["Location"], second["Location"]] == [page(slug, made)] * 2
    expected = rows.unsaved(slug)
    columns = [column.field.attname for column in register_named(slug).columns]
    assert [str(getattr(made, name)) for name in columns] == [str(_default(expected, name)) for name in columns]


def _default(row: KeptRow, name: str) -> Any:
    value = getattr(row, name)
    field = row._meta.get_field(name)
    # A box that is not ticked says no, whatever the model's default is.
    return False if field.get_internal_type() == "BooleanField" and value is field.get_default() else value


@pytest.mark.parametrize("slug", SLUGS)
def test_a_change_is_kept_once_and_a_stale_one_overwrites_nothing(rows: Rows, slug: str) -> None:
    register, row, client = register_named(slug), rows.row(slug), client_of(rows.keeper(slug))
    form, field = changed_form(rows, register)
    answer = client.post(page(slug, row, "edit"), form | {"version": "0"})
    assert (answer.status_code, answer["Location"]) == (302, page(slug, row))
    kept = type(row).objects.get(pk=row.pk)
    assert (str(getattr(kept, field)), kept.version) == (form[field], 1)
    stale = client.post(page(slug, row, "edit"), rows.form(slug) | {"version": "0"})
    assert (stale.status_code, "没有覆盖" in stale.content.decode()) == (409, True)
    assert str(getattr(type(row).objects.get(pk=row.pk), field)) == form[field]
    assert client.get(page(slug, row)).content.decode().count('class="timeline-meta"') == 2


@pytest.mark.parametrize("slug", SLUGS)
def test_a_voided_row_leaves_the_list_and_stays_readable(rows: Rows, slug: str) -> None:
    row, client = rows.row(slug), client_of(rows.keeper(slug))
    assert client.post(page(slug, row, "void"), {"version": "0", "reason": ""}).status_code == 422
    assert client.post(page(slug, row, "void"), {"version": "0", "reason": "重复登记"}).status_code == 302
    assert page(slug, row) not in client.get(page(slug)).content.decode()
    assert page(slug, row) in client.get(page(slug) + "?show=voided").content.decode()
    assert "重复登记" in client.get(page(slug, row)).content.decode()
    assert client.post(page(slug, row, "edit"), rows.form(slug) | {"version": "1"}).status_code == 409


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if register_named(slug).is_lasting])
def test_ticked_rows_are_confirmed_in_one_act(rows: Rows, slug: str) -> None:
    kept = [rows.row(slug, number) for number in (1, 2, 3)]
    type(kept[0]).objects.update(confirmed_on=date(2024, 1, 1))
    client = client_of(rows.keeper(slug))
    answer = client.post(page(slug, act="confirm"), {"chosen": [str(row.pk) for row in kept[:2]]})
    assert answer.status_code == 302
    found = type(kept[0]).objects.filter(pk__in=[row.pk for row in kept]).order_by("pk")
    assert [row.confirmed_on == date(2024, 1, 1) for row in found] == [False, False, True]
    assert "确认底数登记" in client.get(page(slug, kept[0])).content.decode()
    assert client.post(page(slug, act="confirm")).status_code == 422


# -- acts of one button


def test_a_finding_is_mended_and_struck_off_in_this_order(rows: Rows) -> None:
    row, client = rows.row("rectifications"), client_of(rows.town.lin)
    act = page("rectifications", row, "mark")
    assert client.post(act, {"mark": "struck_off", "version": "0"}).status_code == 409
    assert client.post(act, {"mark": "mended", "version": "0"}).status_code == 302
    assert client.post(act, {"mark": "mended", "version": "1"}).status_code == 409
    assert client.post(act, {"mark": "struck_off", "version": "0"}).status_code == 409
    assert client.post(act, {"mark": "struck_off", "version": "1"}).status_code == 302
    kept = type(row).objects.get(pk=row.pk)
    assert (kept.mended_on, kept.struck_off_on, kept.version) == (kept.struck_off_on, kept.mended_on, 2)


# -- the one-line form


def test_the_next_line_starts_with_the_kind_of_the_last(rows: Rows) -> None:
    client = client_of(rows.town.lin)
    client.post(page("activities", act="new"), rows.form("activities", kind="clinic") | {"short": "1"})
    shown = client.get(page("activities")).content.decode()
    assert re.findall(r'<option value="(\w+)" selected>', shown.partition("row-list")[0]) == ["clinic"]
    assert 'name="title"' in shown


def test_a_short_form_leaves_the_other_columns_as_they_start(rows: Rows) -> None:
    form = rows.form("rectifications") | {"short": "1", "is_own": ""}
    client_of(rows.town.lin).post(page("rectifications", act="new"), form)
    (kept,) = register_named("rectifications").model.objects.all()
    assert kept.is_own is True


# -- filters


def test_rows_are_found_by_day_text_and_kind(rows: Rows) -> None:
    old, new = rows.row("service-contracts", 1), rows.row("service-contracts", 3)
    client = client_of(rows.town.zhou)

    def found(query: str) -> list[int]:
        text = client.get(page("service-contracts") + query).content.decode()
        return [int(pk) for pk in re.findall(r'href="/ground/registers/service-contracts/(\d+)/"', text)]

    assert found("?on=2022-06-01") == [old.pk]
    assert found("?on=2023-06-01") == [new.pk]
    assert found("?q=第3庭院") == [new.pk]
    assert found("?q=安心物业") == [old.pk, new.pk]
    assert found("?community=" + rows.town.jindi.code) == []
    assert client.get(page("service-contracts") + "?on=2026-13").status_code == 422


# -- contacts


def test_a_phone_is_masked_outside_the_own_subtree_and_shown_for_a_reason(rows: Rows) -> None:
    from grids.services.rows import record_row
    from tests.grids.post import grid_secretary

    secretary = grid_secretary(rows)
    row = record_row(actor=rows.town.lin, row=rows.unsaved("contacts", grid=rows.ground.grids[0]))
    client = client_of(secretary)
    shown = client.get(page("contacts", row)).content.decode()
    assert ("0374-2011111" in shown, "＊＊＊＊11" in shown) == (False, True)
    address = f"/ground/contacts/{row.pk}/phone/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert "0374-2011111" in client.post(address, {"reason": "联系庭院议事"}).content.decode()
    assert client_of(rows.town.lin).get(address).status_code == 404
    assert "0374-2011111" in client_of(rows.town.lin).get(page("contacts", row)).content.decode()
    assert "0374-2011111" not in client.get(page("contacts")).content.decode()


def test_the_history_of_a_contact_does_not_repeat_the_phone(rows: Rows) -> None:
    row = rows.row("contacts")
    client = client_of(rows.town.lin)
    client.post(page("contacts", row, "edit"), rows.form("contacts", work_phone="0374-2022222") | {"version": "0"})
    shown = client.get(page("contacts", row)).content.decode()
    assert ("2011111" in shown, shown.count("0374-2022222")) == (False, 1)


def test_a_grid_secretary_keeps_only_the_grids_her_branch_covers(rows: Rows) -> None:
    from tests.grids.post import grid_secretary

    client = client_of(grid_secretary(rows))
    own = rows.form("activities", grid=rows.ground.grids[0].code)
    other = rows.form("activities", grid=rows.ground.grids[1].code)
    none = rows.form("activities", grid="")
    answers = [client.post(page("activities", act="new"), form).status_code for form in (own, other, none)]
    assert answers == [302, 422, 403]


# -- documents


def test_the_file_of_a_document_comes_back(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from core.uploads.accept import Accepted

    monkeypatch.setattr(
        "grids.views.rows.accept", lambda upload: Accepted(upload.read(), "application/pdf", "pdf", "a" * 64, "x.pdf")
    )
    client = client_of(rows.town.zhou)
    form: dict[str, Any] = {**rows.form("documents"), "file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 kept")}
    assert client.post(page("documents", act="new"), form).status_code == 302
    (kept,) = register_named("documents").model.objects.all()
    answer = client_of(rows.town.lin).get(f"/ground/documents/{kept.pk}/file/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 kept"  # type: ignore[attr-defined]
    assert client_of(rows.town.lin).get(page("documents", act="new")).status_code == 403


def test_a_voided_number_may_be_given_again(rows: Rows) -> None:
    row = rows.row("documents")
    client = client_of(rows.town.zhou)
    assert client.post(page("documents", act="new"), rows.form("documents")).status_code == 422
    void_row(actor=rows.town.zhou, row=row, version=0, reason="文号写错")
    assert client.post(page("documents", act="new"), rows.form("documents")).status_code == 302


def test_a_project_shows_its_milestones_and_leads_to_the_next(rows: Rows) -> None:
    step = rows.row("milestones")
    voided = rows.row("milestones", 2)
    void_row(actor=rows.town.lin, row=voided, version=voided.version, reason="登错了")
    client = client_of(rows.town.lin)
    shown = client.get(page("projects", rows.project)).content.decode()
    assert re.findall(r'href="/ground/registers/milestones/(\d+)/"', shown) == [str(step.pk)]
    asked = f"{page('milestones', act='new')}?community={rows.town.fuhou.code}&amp;project={rows.project.pk}"
    assert asked in shown
    form = client.get(asked.replace("&amp;", "&")).content.decode()
    assert f'<option value="{rows.project.pk}" selected>' in form
    assert "milestones" not in client.get(page("teams", rows.row("teams"))).content.decode()


def test_the_table_of_registers_counts_all_of_them_in_one_query(rows: Rows) -> None:
    once = queries_of(rows.town.lin, "/ground/registers/")
    for slug in ("activities", "teams", "committees"):
        rows.row(slug)
    voided = rows.row("teams", 2)
    void_row(actor=rows.town.lin, row=voided, version=voided.version, reason="登错了")
    assert (queries_of(rows.town.lin, "/ground/registers/"), once <= 12) == (once, True)
    record_norm(actor=rows.town.wang, key=NormKey.STALE_DAYS, starts_on=SINCE, value=Decimal(30), basis="示例")
    Team.objects.update(confirmed_on=SINCE)
    found = {one.register.slug: (one.count, one.stale) for one in shelves(rows.town.lin.user)}
    assert [found[slug] for slug in ("activities", "teams", "committees", "honours")] == [
        (1, 0),
        (1, 1),
        (1, 0),
        (0, 0),
    ]
    assert {one.register.slug for one in shelves(rows.town.wu.user) if one.count} == {"property-companies"}
