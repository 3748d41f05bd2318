"""Setting up a programme, the rules of a year, and which task force serves which star."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from branches.choices import OrganisationKind, Track
from branches.models import Organisation
from core.actor import Actor
from core.errors import Invalid
from core.services import audit
from scoring.choices import Visibility
from scoring.models import Programme, ProgrammeYear, StarKind, StarResponsibility
from scoring.plain_yaml import read_yaml
from scoring.samples import sample_programme
from scoring.sections import Faults, Section
from scoring.services.rubric import require_keeper
from scoring.star_kinds import KINDS, Kind, kind_named

_FILE = {"programme": "考评项目", "year": "年度规则", "responsibilities": "专班分工"}
_PROGRAMME = {"code": "代码", "name": "名称", "required_tasks": "任务数", "required_points": "总分"}
_YEAR = {
    **{"title": "年度名称", "label": "标注", "gap_width": "两线差距上限", "total_decimals": "总分小数位"},
    **{"ranking_keys": "排名依据", "is_ranked_across_tracks": "两类合并排名", "visibility": "排名公开范围"},
    **{"award_basis": "年度定星依据", "report_due_days": "填报截止", "street_due_days": "街道审核截止"},
    **{"task_force_due_days": "专班核验截止", "spot_check_percent": "抽查社区比例"},
    **{"spot_check_items": "抽查每个社区项数", "spot_check_doubtful_percent": "抽查疑点占比"},
    **{"remind_from_hour": "提醒时段起", "remind_until_hour": "提醒时段止"},
    **{"remind_ceiling": "提醒上限", "remind_before_days": "提前提醒"},
    **{"escalate_street_days": "提醒街道书记", "escalate_office_days": "提醒区创建办"},
}
_REMINDING = ("remind_from_hour", "remind_until_hour", "remind_ceiling", "remind_before_days")
_ESCALATING = ("escalate_street_days", "escalate_office_days")
_RESPONSIBILITY = {"task_force": "专班", "track": "类别", "star": "星"}
_SPOT_CHECK = ("spot_check_percent", "spot_check_items", "spot_check_doubtful_percent")
_RANKING_KEYS = ("total", "star_level")


@dataclass(frozen=True)
class Settings:
    """A programme file without faults."""

    code: str
    programme: dict[str, Any]
    year: dict[str, Any]
    responsibilities: tuple[tuple[str, str, Kind], ...]


@transaction.atomic
def prepare_programme(*, actor: Actor, year: int, text: str | None = None, from_month: date | None = None) -> Programme:
    """The programme of a file (the sample without one) with its rules of `year`; what is there already is left alone.

    Task forces must stand; they serve their stars from `from_month` (January of the year) on.
    """
    require_keeper(actor)
    settings = read_settings(text if text is not None else sample_programme())
    for kind in KINDS:
        StarKind.objects.get_or_create(code=kind.code, defaults={"name": kind.name, "colour": kind.colour})
    programme, is_new = Programme.objects.get_or_create(code=settings.code, defaults=settings.programme)
    rules, has_new_rules = ProgrammeYear.objects.get_or_create(programme=programme, year=year, defaults=settings.year)
    assigned = _assign(settings, from_month or date(year, 1, 1))
    if is_new or has_new_rules or assigned:
        payload = {"year": rules.year, "is_new": is_new, "rules": _rules(rules), "responsibilities": assigned}
        audit.record(actor=actor, verb="scoring.prepare_programme", subject=programme, payload=payload)
    return programme


def read_settings(text: str) -> Settings:
    """A programme file; Invalid with every fault."""
    faults = Faults()
    file = Section(read_yaml(text), place="", labels=_FILE, faults=faults)
    code, programme = _programme(
        Section(file.content.get("programme"), place="考评项目", labels=_PROGRAMME, faults=faults)
    )
    settings = Settings(
        code=code,
        programme=programme,
        year=_year(Section(file.content.get("year"), place="年度规则", labels=_YEAR, faults=faults)),
        responsibilities=tuple(
            _responsibility(Section(row, place=f"专班分工第 {number} 行", labels=_RESPONSIBILITY, faults=faults))
            for number, row in enumerate(file.rows("responsibilities"), 1)
        ),
    )
    if len(faults):
        raise Invalid(f"考评项目文件有 {len(faults)} 处问题，没有采用。", dict(faults.by_place))
    return settings


def _programme(part: Section) -> tuple[str, dict[str, Any]]:
    has_tasks = part.content.get("required_tasks") is not None
    has_points = part.content.get("required_points") is not None
    demands = {
        "name": part.text("name", 80, default=None),
        "required_tasks": part.whole("required_tasks") if has_tasks else None,
        "required_points": part.exact("required_points") if has_points else None,
    }
    return part.text("code", 40, default=None), demands


def _year(part: Section) -> dict[str, Any]:
    keys = part.rows("ranking_keys")
    if not keys or not all(key in _RANKING_KEYS for key in keys):
        part.fault("ranking_keys", f"只能是 {'、'.join(_RANKING_KEYS)}。")
    decimals = part.whole("total_decimals")
    if decimals is not None and decimals > 2:
        part.fault("total_decimals", "最多两位。")
    due = {key: part.whole(key) for key in ("report_due_days", "street_due_days", "task_force_due_days")}
    spot_check = {key: part.whole(key) for key in _SPOT_CHECK if part.content.get(key) is not None}
    return {
        **spot_check,
        "title": part.text("title", 80, default=None),
        "label": part.text("label", 80),
        "gap_width": part.exact("gap_width") or Decimal(0),
        "total_decimals": decimals,
        "ranking_keys": keys,
        "is_ranked_across_tracks": part.flag("is_ranked_across_tracks"),
        "visibility": part.choice("visibility", Visibility.values),
        "award_basis": part.text("award_basis", 40, default=None),
        **due,
        **_reminding(part),
    }


def _reminding(part: Section) -> dict[str, Any]:
    """Settings of the reminders; what is left out keeps the model's default."""
    told = {key: part.whole(key) for key in (*_REMINDING, *_ESCALATING) if part.content.get(key) is not None}
    first, last = told.get("remind_from_hour") or 9, told.get("remind_until_hour") or 17
    if not first < last <= 24:
        part.fault("remind_until_hour", "须晚于提醒时段起，最晚 24 点。")
    if any((told.get(key) or 0) > 60 for key in told):
        part.fault("remind_ceiling", "提醒的各项数最多 60。")
    return told


def _responsibility(part: Section) -> tuple[str, str, Kind]:
    name = part.text("star", 20, default=None)
    kind = kind_named(name)
    if kind is None:
        part.fault("star", f"没有“{name}”这种星。")
    return part.text("task_force", 30, default=None), part.choice("track", Track.values), kind or KINDS[0]


def _assign(settings: Settings, from_month: date) -> list[dict[str, str]]:
    """Responsibilities not yet given for that month, now given."""
    forces = _task_forces({code for code, _, _ in settings.responsibilities})
    kinds = {kind.code: kind for kind in StarKind.objects.all()}
    given = set(_given(from_month).values_list("star_kind__code", "track"))
    fresh = [row for row in settings.responsibilities if (row[2].code, row[1]) not in given]
    StarResponsibility.objects.bulk_create(
        StarResponsibility(task_force=forces[code], star_kind=kinds[kind.code], track=track, from_month=from_month)
        for code, track, kind in fresh
    )
    return [{"task_force": code, "track": track, "star": kind.code} for code, track, kind in fresh]


def _given(month: date) -> models.QuerySet[StarResponsibility]:
    return StarResponsibility.objects.filter(from_month__lte=month)


def _task_forces(codes: set[str]) -> dict[str, Organisation]:
    found = {row.code: row for row in Organisation.objects.filter(kind=OrganisationKind.TASK_FORCE, code__in=codes)}
    missing = sorted(codes - found.keys())
    if missing:
        raise Invalid(
            f"没有这些专班：{'、'.join(missing)}。", {"专班": [f"没有代码为 {code} 的专班。" for code in missing]}
        )
    return found


def _rules(rules: ProgrammeYear) -> dict[str, Any]:
    return {
        "title": rules.title,
        "gap_width": rules.gap_width,
        "ranking_keys": rules.ranking_keys,
        "total_decimals": rules.total_decimals,
        "visibility": rules.visibility,
    }
