from __future__ import annotations

from datetime import date

import pytest

from grids.models import Activity
from grids.services.rows import record_row
from tests.people import Town
from tests.security.ground import signed_in
from weidu_portal.pages.about_me import Trace, traces_of

pytestmark = pytest.mark.django_db


def test_rows_that_name_me_are_told_by_table_and_part(town: Town) -> None:
    record_row(actor=town.lin, row=Activity(community=town.fuhou, on=date(2026, 10, 1), kind="drill", title="演练"))
    assert Trace("活动", "登记人岗位") in traces_of(town.lin.person)
    assert Trace("活动", "登记人岗位") not in traces_of(town.chen.person)


def test_the_page_shows_my_fields_and_posts_and_nobody_elses(town: Town) -> None:
    page = signed_in(town.lin).get("/me/").content.decode()
    assert all(text in page for text in ("林晓", "0374-2988001", "community-001006", "府后社区 书记"))
    assert "林青" not in page
