"""What a body says of its stars, as bars and around a centre."""

from django.template import Context, Template

from core.charts import Bar, Spoke
from ledgers.calc.pictures import star_bars, star_spokes

STARS = [
    {"name": "支部过硬星", "points": "24.00", "applicable_points": "30.00", "verdict": "得星", "pass_percent": "80.00"},
    {"name": "共建共享星", "points": "0.00", "applicable_points": "20.00", "verdict": "未得"},
    {"name": "平安法治星", "points": "0.00", "applicable_points": "0.00", "verdict": "不评"},
]


def test_a_star_won_is_a_solid_bar_and_one_not_rated_has_none() -> None:
    assert star_bars(STARS) == [
        Bar("支部过硬星", 80.0, "24.00 / 30.00 得星", True, 80.0),
        Bar("共建共享星", 0.0, "0.00 / 20.00 未得", False, None),
        Bar("平安法治星", None, "不评", False, None),
    ]


def test_around_a_centre_they_are_shares_of_one() -> None:
    assert star_spokes(STARS) == [
        Spoke("支部过硬星", 0.8, "24.00 / 30.00", 0.8),
        Spoke("共建共享星", 0.0, "0.00 / 20.00", None),
        Spoke("平安法治星", None, "不评", None),
    ]


def test_a_template_draws_them() -> None:
    drawn = Template("{% load charts pictures %}{% chart_bars stars|star_bars 100 '各星' table=False %}")
    assert drawn.render(Context({"stars": STARS})).count("<text") == 6
