"""Every form of every register against bad input: a status below 500, Chinese words, nothing kept that is no input."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from grids.registers import register_named
from grids.registers.columns import Kind
from tests.grids.rows import SLUGS, Rows
from tests.grids.views.test_registers import client_of, page
from tests.people import Town
from tests.security.test_hostile import VALUES, faults_of

pytestmark = pytest.mark.django_db
NUMBERS = ("-0.01", "1e309", "NaN", "1_0", "0x10", "一", "4,5", "85%", "9" * 400, "[]", "1.234")
DAYS = ("2026-13", "2026-02-30", "0001-01-01", "2026年3月", "46000", "9999-12-31")
WORDS = ("\x00", "\ud83d", "长" * 10_000, "13803741234", "<script>alert(1)</script>" * 20)


@pytest.fixture
def rows(town: Town) -> Rows:
    return Rows(town)


@pytest.mark.parametrize("slug", SLUGS)
def test_one_spoilt_field_keeps_nothing(rows: Rows, slug: str) -> None:
    register, client = register_named(slug), client_of(rows.keeper(slug))
    families = {Kind.DAY: DAYS, Kind.WHOLE: NUMBERS, Kind.AMOUNT: NUMBERS, Kind.TEXT: WORDS}
    good, found = rows.form(slug), []
    before = register.model.objects.count()
    for column in register.columns:
        spoilt = families.get(column.kind, ("nowhere", "99999999999999999999"))
        for value in spoilt if column.kind not in (Kind.FLAG, Kind.FILE) else ():
            if column.name == "work_phone" and value == "13803741234":
                continue
            form = urlencode({**good, column.name: value.encode("utf-8", "surrogatepass")})
            answer = client.post(page(slug, act="new"), form, content_type="application/x-www-form-urlencoded")
            found += [f"{column.name} {value[:12]}: {fault}" for fault in faults_of(answer)]
            assert answer.status_code in (400, 422), (column.name, value[:20])
    assert (found, register.model.objects.count()) == ([], before)


@pytest.mark.parametrize("slug", ["activities", "service-contracts", "documents"])
def test_every_page_takes_hostile_fields_and_filters(rows: Rows, slug: str) -> None:
    row, client = rows.row(slug), client_of(rows.keeper(slug))
    names = [*register_named(slug).fields, "community", "key", "version", "reason", "mark", "chosen", "token", "seen"]
    names += ["block", "page", f"c-{row.pk}-{register_named(slug).fields[0]}", f"v-{row.pk}", "n-1-name", "k-1"]
    found = []
    for name, value in VALUES.items():
        sent = urlencode(dict.fromkeys([*names, "q", "kind", "on", "show"], value.encode("utf-8", "surrogatepass")))
        for act, of in (("", None), ("file", None), ("new", None), ("edit", row), ("void", row)):
            if not of or act:
                answer = client.get(page(slug, of, act) + "?" + sent[:4000])
                found += [f"GET {act} {name}: {fault}" for fault in faults_of(answer)]
        for act, of in (("new", None), ("grid", None), ("load", None), ("confirm", None), ("edit", row), ("mark", row)):
            answer = client.post(page(slug, of, act), sent, content_type="application/x-www-form-urlencoded")
            found += [f"POST {act} {name}: {fault}" for fault in faults_of(answer)]
    assert found == []
