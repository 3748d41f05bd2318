"""620 grids become 539: thirteen streets, each in one sitting on one page."""

from __future__ import annotations

from collections import Counter
from datetime import date
from time import perf_counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.models import Organisation
from core.models import AuditEntry
from grids.models import Grid, GridSuccession
from grids.selectors.places import Ground, ground_on
from tests.grids.district import COURTYARDS, GRIDS, STREETS, District, district_of
from tests.people import Town
from tests.scoring.month import on

pytestmark = pytest.mark.django_db
DAY, BEFORE = date(2026, 12, 1), date(2026, 11, 30)
PAPER = {"starts_on": "2026-12-01", "document_no": "魏网〔2026〕8号"}
MERGES = 81


def groups_of(district: District) -> dict[int, list[Grid]]:
    """In 81 communities the first two grids become one."""
    places = [place for communities in district.streets.values() for place in communities]
    return {place.pk: district.grids[place.pk][:2] for place in sorted(places, key=lambda one: one.code[-3:])[:MERGES]}


def sit(client: Client, street: Organisation, form: dict[str, str]) -> tuple[float, int]:
    """Look, confirm; seconds and queries of the confirmation."""
    path = f"/ground/merge/{street.code}/"
    shown = client.post(path, form | {"step": "preview"}).content.decode()
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    started = perf_counter()
    with CaptureQueriesContext(connection) as asked:
        assert client.post(path, form | {"step": "merge", "seen": seen}).status_code == 302
    return perf_counter() - started, len(asked)


def forms(district: District, merging: dict[int, list[Grid]]) -> dict[Organisation, dict[str, str]]:
    found = {}
    for street, communities in district.streets.items():
        form = dict(PAPER)
        for place in communities:
            form |= {f"g-{grid.code}": "1" for grid in merging.get(place.pk, ())}
            if place.pk in merging:
                form |= {f"{place.code}-1-name": "合并网格", f"{place.code}-1-kind": "courtyard"}
        found[street] = form
    return found


def lying(ground: Ground) -> dict[str, list[str]]:
    return {yard.code: sorted(grid.code for grid in yard.grids) for yard in ground.courtyards.values()}


def households(ground: Ground) -> Counter[int]:
    found: Counter[int] = Counter()
    for grid in ground.grids.values():
        found[grid.community_id] += grid.counted_households or 0
    return found


def covering(ground: Ground) -> dict[int, set[int]]:
    """Which branches cover the grids of each community."""
    found: dict[int, set[int]] = {}
    for grid in ground.grids.values():
        found.setdefault(grid.community_id, set()).update(one.organisation_id for one in grid.coverages)
    return found


def test_620_grids_become_539_over_13_streets(town: Town) -> None:
    district = district_of(town)
    merging = groups_of(district)
    client = Client()
    client.force_login(town.wang.user)
    with on("2026-11", 12):
        before = ground_on(BEFORE)
        was_lying = lying(before)
        sittings = [sit(client, street, form) for street, form in forms(district, merging).items()]
        again = [
            client.post(f"/ground/merge/{street.code}/", form | {"step": "merge"}).status_code
            for street, form in forms(district, merging).items()
        ]
    after, still = ground_on(DAY), ground_on(BEFORE)
    assert (len(before.grids), len(still.grids), len(after.grids)) == (GRIDS, GRIDS, 539)
    assert (len(sittings), again) == (STREETS, [422] * STREETS)
    assert (lying(still), covering(still)) == (was_lying, covering(before))
    assert (households(after), covering(after)) == (households(before), covering(before))
    went = dict(GridSuccession.objects.values_list("predecessor__code", "successor__code"))
    there = {yard: sorted({went.get(code, code) for code in codes}) for yard, codes in was_lying.items()}
    assert (lying(after), len(there)) == (there, COURTYARDS)
    committees = [sum(len(grid.committees) for grid in one.grids.values()) for one in (before, after)]
    assert committees == [177, 177]
    assert AuditEntry.objects.filter(verb="grids.merge").count() == MERGES
    print(f"\na street: {max(one[0] for one in sittings):.2f} s, {max(one[1] for one in sittings)} queries at most")  # noqa: T201
