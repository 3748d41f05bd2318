from datetime import date
from decimal import Decimal

import pytest

from branches.models import Organisation
from core.actor import SYSTEM
from core.errors import Forbidden, Invalid
from core.models import AuditEntry
from scoring.models import Programme, ProgrammeYear, StarKind, StarResponsibility
from scoring.samples import sample_programme
from scoring.services.programme import prepare_programme


def test_the_sample_programme_demands_29_tasks_and_100_points(town):
    programme = prepare_programme(actor=SYSTEM, year=2026)
    assert (programme.code, programme.name) == ("weidu-five-star", "“五星”支部创建")
    assert (programme.required_tasks, programme.required_points) == (29, Decimal(100))


def test_the_rules_of_the_year_are_marked_as_a_sample(town):
    rules = prepare_programme(actor=town.wang, year=2026).years.get()
    assert (rules.year, rules.label, rules.gap_width) == (2026, "示例，待区委组织部确认", Decimal("1.00"))
    assert (rules.ranking_keys, rules.total_decimals, rules.is_ranked_across_tracks) == (["total"], 2, False)
    assert (rules.visibility, rules.award_basis) == ("with_points", "last_published_month")
    assert (rules.report_due_days, rules.street_due_days, rules.task_force_due_days) == (3, 6, 9)


def test_every_star_of_every_track_has_its_task_force(town):
    prepare_programme(actor=town.wang, year=2026, from_month=date(2026, 5, 1))
    rows = StarResponsibility.objects.values_list("task_force__code", "track", "star_kind__name", "from_month")
    assert sorted(rows) == [
        (f"411002-zb{number}", track, f"{star}星", date(2026, 5, 1))
        for number, track, star in [
            (1, "agricultural", "支部过硬"),
            (1, "urban", "支部过硬"),
            (2, "agricultural", "生态宜居"),
            (2, "urban", "共建共享"),
            (3, "agricultural", "平安法治"),
            (3, "urban", "平安法治"),
            (4, "agricultural", "文明幸福"),
            (4, "urban", "幸福和谐"),
            (5, "agricultural", "产业兴旺"),
            (5, "urban", "宜业兴业"),
        ]
    ]
    assert StarKind.objects.count() == 8


def test_preparing_again_changes_nothing_and_another_year_adds_its_rules(town):
    prepare_programme(actor=town.wang, year=2026)
    ProgrammeYear.objects.update(gap_width=Decimal("2.00"))
    prepare_programme(actor=town.wang, year=2026)
    assert (AuditEntry.objects.count(), ProgrammeYear.objects.get().gap_width) == (1, Decimal("2.00"))
    prepare_programme(actor=town.wang, year=2027)
    counted = (Programme.objects.count(), ProgrammeYear.objects.count(), StarResponsibility.objects.count())
    assert (counted, AuditEntry.objects.count()) == ((1, 2, 10), 2)


def test_a_missing_task_force_is_named_and_nothing_is_written(db):
    with pytest.raises(Invalid, match="没有这些专班：411002-zb1、411002-zb2"):
        prepare_programme(actor=SYSTEM, year=2026)
    assert (Programme.objects.count(), StarKind.objects.count(), Organisation.objects.count()) == (0, 0, 0)


def test_every_fault_of_a_programme_file_is_told(town):
    text = (
        sample_programme()
        .replace("gap_width: 1.00", "gap_width: 一分")
        .replace("[total]", "[luck]")
        .replace("visibility: with_points", "visibility: all")
        .replace("total_decimals: 2", "total_decimals: 3")
        .replace("track: urban, star: 平安法治星", "track: city, star: 红星")
    )
    with pytest.raises(Invalid) as refusal:
        prepare_programme(actor=town.wang, year=2026, text=text)
    assert refusal.value.errors == {
        "年度规则 · 两线差距上限": ["须为最多两位小数的数字。"],
        "年度规则 · 排名依据": ["只能是 total、star_level。"],
        "年度规则 · 总分小数位": ["最多两位。"],
        "年度规则 · 排名公开范围": ["只能是 off、bands、order、with_points 之一。"],
        "专班分工第 3 行 · 类别": ["只能是 urban、agricultural 之一。"],
        "专班分工第 3 行 · 星": ["没有“红星”这种星。"],
    }


def test_only_the_creation_office_prepares_a_programme(town):
    with pytest.raises(Forbidden):
        prepare_programme(actor=town.lin, year=2026)
