"""Points stay exact through the database, its sums and its comparisons."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Max, Q, Sum, Value

from core.fields import HundredthsField, to_hundredths


class Amount(models.Model):
    """A table of this test alone."""

    points = HundredthsField(null=True)
    full_points = HundredthsField(default=Decimal("4"))

    class Meta:
        app_label = "tests_core"

    def __str__(self) -> str:
        return str(self.points)


CREATE = "CREATE TEMPORARY TABLE tests_core_amount (id {key}, points integer NULL, full_points integer NOT NULL)"
KEY = {"sqlite": "integer PRIMARY KEY AUTOINCREMENT", "postgresql": "bigserial PRIMARY KEY"}


@pytest.fixture
def amounts(db) -> Iterator[models.Manager]:
    with connection.cursor() as cursor:
        cursor.execute(CREATE.format(key=KEY[connection.vendor]))
    for text in ("0.10", "0.20", "3.99", None):
        Amount.objects.create(points=Decimal(text) if text else None)
    yield Amount.objects
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE tests_core_amount")


def test_amounts_are_whole_hundredths_in_the_database(amounts):
    with connection.cursor() as cursor:
        cursor.execute("SELECT points FROM tests_core_amount ORDER BY id")
        assert [points for (points,) in cursor.fetchall()] == [10, 20, 399, None]


def test_amounts_come_back_with_two_places(amounts):
    kept = [str(points) for points in amounts.order_by("pk").values_list("points", flat=True)]
    assert kept == ["0.10", "0.20", "3.99", "None"]


def test_sum_and_maximum_are_exact_decimals(amounts):
    totals = amounts.aggregate(total=Sum("points"), highest=Max("points"))
    assert totals == {"total": Decimal("4.29"), "highest": Decimal("3.99")}
    assert [str(value) for value in totals.values()] == ["4.29", "3.99"]


def test_one_tenth_and_two_tenths_are_three_tenths(amounts):
    assert amounts.filter(points__lt=1).aggregate(total=Sum("points"))["total"] == Decimal("0.30")


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (Q(points=Decimal("0.1")), 1),
        (Q(points="0.10"), 1),
        (Q(points__gte=Decimal("0.20")), 2),
        (Q(points__gt=Decimal("3.98"), points__lt=4), 1),
        (Q(points__in=[Decimal("0.1"), Decimal("3.99")]), 2),
        (Q(points__range=(Decimal("0.1"), Decimal("0.2"))), 2),
        (Q(points__isnull=True), 1),
        (Q(points__lt=F("full_points")), 3),
        (Q(full_points=F("points")), 0),
        (Q(points=F("full_points") - Value(Decimal("0.01"), output_field=HundredthsField())), 1),
    ],
)
def test_comparisons_run_on_whole_numbers(amounts, condition, count):
    assert amounts.filter(condition).count() == count


def test_update_by_expression(amounts):
    amounts.filter(points=Decimal("0.10")).update(points=F("full_points"))
    assert amounts.filter(points=Decimal("4.00")).count() == 1


@pytest.mark.parametrize("bad", ["0.001", "1e309", "NaN", "Infinity", "x", "1000000.00", 1.5, True, Decimal("0.005")])
def test_what_does_not_fit_is_refused(bad):
    with pytest.raises(ValueError):
        to_hundredths(bad)


@pytest.mark.parametrize("bad", ["0.001", "x", 1.5, []])
def test_forms_get_a_chinese_message(bad):
    with pytest.raises(ValidationError, match="请填写最多两位小数的数字。"):
        HundredthsField().to_python(bad)
