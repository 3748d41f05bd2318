"""Figures are appended with definition, source and day; a wrong one is corrected by a further revision of its day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from branches.acting import Officer
from branches.choices import Level
from branches.models import Organisation
from core import clock
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.services import audit
from grids.models import Measure, Statistic
from grids.permissions import can_keep_norms
from grids.services.rows import tidy

FIGURES = settings.BASE_DIR / "data/district-figures.yaml"


@transaction.atomic
def define_measure(*, actor: Officer, code: str, name: str, definition: str, unit: str) -> Measure:
    """A new measure. Its definition never changes: what is counted otherwise is another measure."""
    can_keep_norms(actor).require()
    row = Measure(code=code.strip(), name=name, definition=definition, unit=unit)
    tidy(row)
    row.save(force_insert=True)
    payload = {"code": row.code, "name": row.name, "definition": row.definition, "unit": row.unit}
    audit.record(actor=actor, verb="grids.define_measure", subject=row, payload=payload)
    return row


@transaction.atomic
def record_statistic(
    *, actor: Officer, measure: Measure, organisation: Organisation, on: date, value: Decimal, source: str
) -> Statistic:
    """A figure of a day with its source; the same day again corrects it, the same value again is refused."""
    can_keep_norms(actor).require()
    Measure.objects.select_for_update().get(pk=measure.pk)
    row = Statistic(
        measure=measure,
        organisation=organisation,
        on=on,
        value=value,
        source=source,
        recorded_by=actor.appointment,
    )
    row.revision = _next_revision(row)
    _check(row)
    row.save(force_insert=True)
    payload = {
        "measure": measure.code,
        "organisation": organisation.code,
        "on": on,
        "value": row.value,
        "source": row.source,
        "revision": row.revision,
        "row_digests": row_digests([row]),
    }
    audit.record(actor=actor, verb="grids.record_statistic", subject=row, payload=payload)
    return row


@transaction.atomic
def seed_figures(*, actor: Officer) -> int:
    """The figures that were reported 2021 to 2025, for measures and days that have none; how many are new."""
    can_keep_norms(actor).require()
    shipped: dict[str, list[dict[str, Any]]] = yaml.safe_load(FIGURES.read_text("utf-8"))
    district = Organisation.objects.get(level=Level.DISTRICT)
    measures = {row.code: row for row in Measure.objects.all()}
    for values in shipped["measures"]:
        if values["code"] not in measures:
            measures[values["code"]] = define_measure(actor=actor, **values)
    there = set(Statistic.objects.filter(organisation=district).values_list("measure__code", "on"))
    fresh = [one for one in shipped["figures"] if (one["measure"], one["day"]) not in there]
    for one in fresh:
        record_statistic(
            actor=actor,
            measure=measures[one["measure"]],
            organisation=district,
            on=one["day"],
            value=Decimal(one["value"]),
            source=one["source"],
        )
    return len(fresh)


def _check(row: Statistic) -> None:
    tidy(row)
    if row.on > clock.today():
        raise Invalid("截止日期不能晚于今天。", {"on": ["截止日期不能晚于今天。"]})
    if row.value < 0:
        raise Invalid("数值不能小于 0。", {"value": ["数值不能小于 0。"]})
    if not row.source:
        raise Invalid("请填写来源。", {"source": ["请填写来源。"]})


def _next_revision(row: Statistic) -> int:
    same = Statistic.objects.filter(measure=row.measure, organisation=row.organisation, on=row.on)
    last = same.aggregate(last=Max("revision"))["last"] or 0
    if last and same.get(revision=last).value == row.value:
        raise Conflict(f"{row.on:%Y-%m-%d} 的数字已是 {row.value.normalize():f}，没有变化。")
    return last + 1
