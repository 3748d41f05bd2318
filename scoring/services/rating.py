"""The one writer of ratings. A save rates one assessment, a recompute a whole period: the same fetch, the same calc."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from scoring.models import Period, Rating
from scoring.selectors.ratings import RatedRow, rated_rows
from scoring.services.locking import lock_assessments

BATCH = 2000
WORTH_COPYING = 200


def recompute_period(period: Period) -> int:
    """Rate every assessment of the period in one pass and store what changed; the number of changed rows."""
    with transaction.atomic():
        lock_assessments(period.assessments.values_list("pk", flat=True))
        return _store(rated_rows(period))


def recompute_assessments(period: Period, assessment_ids: Collection[int]) -> int:
    """Rate some assessments of a period. Call it inside the act's transaction, with the assessments locked."""
    return _store(rated_rows(period, assessment_ids))


def _store(rows: Iterable[RatedRow]) -> int:
    """Write ratings batch by batch while they are computed, so that no more than one batch is held."""
    fresh = iter(rows)
    changed = 0
    while batch := list(islice(fresh, BATCH)):
        changed += _upsert(batch)
    return changed


def _upsert(batch: Sequence[RatedRow]) -> int:
    """One statement that inserts, updates what differs and leaves the rest alone; the number of rows written."""
    known: dict[int, str] = {}
    rows = [_stored(row, known) for row in batch]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= WORTH_COPYING:
            _copy(cursor, rows)
            cursor.execute(f"INSERT INTO {_TABLE} ({_COLUMNS}) SELECT {_COLUMNS} FROM {_FRESH} {_ON_CONFLICT}")
            written = cursor.rowcount
            cursor.execute(f"DROP TABLE {_FRESH}")
            return written
        values = ",".join([_ROW] * len(rows))
        cursor.execute(
            f"INSERT INTO {_TABLE} ({_COLUMNS}) VALUES {values} {_ON_CONFLICT}", [one for row in rows for one in row]
        )
        return cursor.rowcount


def _copy(cursor: CursorWrapper, rows: Iterable[Sequence[Any]]) -> None:
    """Thousands of rows cost PostgreSQL half when they come as a stream instead of as a statement to be parsed."""
    cursor.execute(f"CREATE TEMPORARY TABLE {_FRESH} AS SELECT {_COLUMNS} FROM {_TABLE} WITH NO DATA")
    lines = "".join("\t".join(map(_field, row)) + "\n" for row in rows)
    cursor.cursor.copy_expert(f"COPY {_FRESH} ({_COLUMNS}) FROM STDIN", StringIO(lines))


def _field(value: Any) -> str:
    return "\\N" if value is None else str(value).replace("\\", "\\\\")


def _stored(row: RatedRow, known: dict[int, str]) -> tuple[Any, ...]:
    stars = ", ".join([known.get(id(star)) or known.setdefault(id(star), _text(star)) for star in row.stars])
    return (*row[:_STARS], f"[{stars}]", *row[_STARS + 1 :])


def _text(star: dict[str, Any]) -> str:
    """JSON without line breaks, which a stream of lines needs."""
    return json.dumps(star, ensure_ascii=False)


_STARS = RatedRow._fields.index("stars")
_TABLE = Rating._meta.db_table
_FRESH = "fresh_rating"
_ROW = "(" + ",".join(["%s"] * len(RatedRow._fields)) + ")"
_COLUMNS = ", ".join(RatedRow._fields)  # those of the table: a rating has no other
_RESULT = RatedRow._fields[1:]
_ON_CONFLICT = f"""ON CONFLICT (assessment_id)
DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _RESULT)}
WHERE ({", ".join(f"{_TABLE}.{name}" for name in _RESULT)})
IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _RESULT)})"""
