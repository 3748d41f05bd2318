"""Figures in, shapes out: what is missing leaves a gap, what is measured otherwise is not joined, words tell all."""

from hypothesis import given
from hypothesis import strategies as st

from core.charts import Bar, Cell, Column, Point, Row, Spoke, bar_chart, heat_table, line_chart, radar
from core.charts.marks import box, hatching, plain

FIVE = [Spoke(name, 0.5, "1 / 2 分", 0.8) for name in ("甲", "乙", "丙", "丁", "戊")]


def test_numbers_are_written_the_same_way_everywhere() -> None:
    assert [plain(number) for number in (3.0, 3.04, 3.06, -0.01, 120)] == ["3", "3", "3.1", "0", "120"]


def test_a_whole_radar_is_one_area_with_its_pass_line() -> None:
    chart = radar(FIVE)
    assert (len(chart.area.split()), chart.parts, len(chart.dots)) == (5, (), 5)
    assert len(chart.pass_line.split()) == 5
    assert chart.area.split()[0] == "160,74"  # half way up from the centre at 112 with a radius of 76


def test_a_spoke_without_a_share_leaves_a_gap_on_both_sides() -> None:
    chart = radar([*FIVE[:2], Spoke("丙", None, "不评", 0.8), *FIVE[3:]])
    assert (chart.area, len(chart.parts), len(chart.dots)) == ("", 3, 4)
    assert chart.summary == "甲 1 / 2 分；乙 1 / 2 分；丙 不评；丁 1 / 2 分；戊 1 / 2 分"


def test_without_a_line_on_every_spoke_none_is_drawn() -> None:
    assert radar([*FIVE[:4], FIVE[4]._replace(line=None)]).pass_line == ""


def test_a_share_beyond_the_whole_ends_at_the_rim() -> None:
    assert (
        radar([one._replace(share=1.2) for one in FIVE]).area == radar([one._replace(share=1.0) for one in FIVE]).area
    )


def months(*values: tuple[float | None, str]) -> list[Point]:
    return [Point(f"{place}月", value, f"{value}", series) for place, (value, series) in enumerate(values, 1)]


def test_a_missing_month_breaks_the_line() -> None:
    chart = line_chart(months((70, "a"), (72, "a"), (None, ""), (74, "a"), (76, "a")), 100)
    assert [len(line.split()) for line in chart.lines] == [2, 2]
    assert (len(chart.dots), chart.breaks) == (4, ())


def test_another_definition_is_not_joined_and_marked() -> None:
    chart = line_chart(months((70, "a"), (72, "a"), (90, "b"), (91, "b")), 100)
    assert [len(line.split()) for line in chart.lines] == [2, 2]
    assert len(chart.breaks) == 1


def test_a_lone_month_is_a_dot_without_a_line() -> None:
    chart = line_chart(months((None, ""), (70, "a"), (None, "")), 100)
    assert (chart.lines, len(chart.dots)) == ((), 1)


def test_the_scale_begins_at_a_round_number_under_the_lowest() -> None:
    chart = line_chart(months((83, "a"), (92, "a")), 100)
    assert [mark.text for mark in chart.scale] == ["60", "70", "80", "90", "100"]
    assert [mark.text for mark in line_chart(months((None, "")), 100).scale] == ["0", "25", "50", "75", "100"]


def test_the_own_bar_is_solid_the_others_are_hatched() -> None:
    chart = bar_chart([Bar("甲", 50, "50", is_marked=True), Bar("乙", 100, "100"), Bar("丙", None, "未完成")], 100)
    assert (chart.solid.count("M"), chart.rims.count("M")) == (1, 2)
    assert chart.hatched.count("M") > 20
    assert [label.text for label in chart.values] == ["50", "100", "未完成"]


def test_a_bar_is_as_long_as_its_share() -> None:
    half, whole = (bar_chart([Bar("甲", value, "是", is_marked=True)], 100).solid for value in (50, 100))
    lengths = [float(path.split("h")[1].split("v")[0]) for path in (half, whole)]
    assert abs(lengths[0] * 2 - lengths[1]) < 0.11


def test_a_zero_draws_no_bar_and_keeps_its_words() -> None:
    chart = bar_chart([Bar("甲", 0, "0 分")], 100)
    assert (chart.rims, chart.solid, chart.hatched) == ("", "", "")
    assert chart.summary == "甲 0 分"


def test_each_kind_of_cell_has_its_own_sign() -> None:
    cells = [Cell(1.0, "4"), Cell(0.9, "3.6"), Cell(0.6, "2.4"), Cell(0.0, "0"), Cell(None, "不涉及", "out")]
    columns = [Column(str(number), "甲" if number < 3 else "乙") for number in range(1, 7)]
    table = heat_table(columns, [Row("一", [*cells, Cell(None, "未报", "empty")])])
    paths = (table.full, table.high, table.middle, table.low, table.out, table.dots, table.bars)
    assert [path.count("M") for path in paths] == [1, 1, 1, 1, 1, 1, 3]
    assert [text for _, text in table.texts[0][1]] == ["4", "3.6", "2.4", "0"]
    assert [label.text for label in table.groups] == ["甲", "乙"]
    assert table.summary == "共 6 格：满 1，部分 2，零 1，不计 1，空 1"


@given(st.floats(0, 300), st.floats(0, 60))
def test_hatching_stays_inside_its_rectangle(width: float, height: float) -> None:
    for line in hatching(10, 20, width, height).split("M")[1:]:
        start, end = ([float(number) for number in place.split()] for place in line.split("L"))
        assert all(9.9 <= x <= 10.1 + width and 19.9 <= y <= 20.1 + height for x, y in (start, end))


def test_a_box_is_closed() -> None:
    assert box(1, 2, 3, 4) == "M1 2h3v4h-3z"
