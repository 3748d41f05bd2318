"""Rubric files (YAML): read with all faults at once, then written as draft editions or not at all."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from branches.choices import Track
from core.actor import Actor
from core.errors import Invalid
from scoring.calc.criteria import criterion_from_source, source_faults
from scoring.calc.edition import Edition, EditionStar, EditionTask, faults_of
from scoring.choices import Window
from scoring.models import Programme, Rubric
from scoring.plain_yaml import read_yaml
from scoring.sections import Faults, Section
from scoring.selectors.rubrics import edition_of, latest_edition
from scoring.services.rubric import draft_edition, require_keeper
from scoring.star_kinds import Kind, kind_named

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_RULES = {"pass_percent": "达标线", "prerequisites": "前置的星", "veto": "一票否决"}
_SAID = {"tie_rule": "并列规则", "decimals": "小数位", "not_applicable": "不涉及"}
_FILE = {"label": "标注", "defaults": "默认规则", "rubrics": "细则", "indicators": "底数指标"}
_DEFAULTS = _RULES | _SAID | {"bonus": "加分"}
_RUBRIC = _RULES | {
    **{"id": "代号", "title": "标题", "label": "标注", "document_no": "文号", "track": "类别", "level": "考评对象"},
    **{"total_points": "总分", "total_tasks": "任务数", "stars": "星", "tasks": "任务"},
}
_STAR = _RULES | {"order": "次序", "name": "名称", "tasks": "任务数", "points": "分值"}
_TASK = {
    **{"number": "序号", "key": "标识", "star": "所属的星", "name": "任务", "standard": "标准", "points": "分值"},
    **{"kind": "计分办法", "rule": "计分规则", "window": "时段", "may_not_apply": "可不涉及", "evidence": "佐证提示"},
    **{"ground": "底数", "source": "出处"},
}
_GROUND = {"follows": "可由底数推出", "indicator": "指标"}
_VETO = {"clause": "条款", "document_no": "文号"}


@dataclass(frozen=True)
class ParsedRubrics:
    """The editions of a file without faults, in its order."""

    editions: tuple[Edition, ...]


def import_rubrics(*, actor: Actor, programme: Programme, text: str, first_month: date) -> list[Rubric]:
    """Draft editions of what the file says; an edition equal to the newest of its track is left out."""
    require_keeper(actor)
    parsed = read_rubrics(text)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        return [
            draft_edition(actor=actor, programme=programme, edition=edition, first_month=first_month)
            for edition in parsed.editions
            if not _is_known(programme, edition)
        ]


def read_rubrics(text: str) -> ParsedRubrics:
    """The editions of a rubric file; Invalid with every fault by rubric, task and field."""
    faults = Faults()
    file = Section(read_yaml(text), place="", labels=_FILE, faults=faults)
    rows = file.rows("rubrics")
    if not rows:
        file.fault("rubrics", "文件中没有细则。")
    editions = tuple(_Rubric(file, row, number).edition() for number, row in enumerate(rows, 1))
    tracks = [edition.track for edition in editions if edition.track]
    if len(set(tracks)) < len(tracks):
        file.fault("rubrics", "同一类别只能有一份细则。")
    if len(faults):
        raise Invalid(f"评分细则文件有 {len(faults)} 处问题，没有导入。", dict(faults.by_place))
    return ParsedRubrics(editions)


def _is_known(programme: Programme, edition: Edition) -> bool:
    newest = latest_edition(programme, edition.track)
    return newest is not None and edition_of(newest) == edition


class _Rubric:
    """One rubric of the file on its way to an Edition."""

    def __init__(self, file: Section, content: Any, number: int):
        self.faults = file.faults
        named = content.get("title") if isinstance(content, dict) else None
        self.place = named[:30] if isinstance(named, str) else f"第 {number} 份细则"
        self.part = Section(content, place=self.place, labels=_RUBRIC, faults=self.faults)
        self.label = file.text("label", 80)
        self.indicators = _indicator_names(file)
        defaults = file.content.get("defaults")
        self.defaults = self._section(defaults if defaults is not None else {}, "默认规则", _DEFAULTS)
        if self.defaults.content.get("bonus") is not None:
            self.defaults.fault("bonus", "目前不支持加分。")

    def _section(self, content: Any, place: str, labels: dict[str, str]) -> Section:
        return Section(content, place=f"{self.place} · {place}", labels=labels, faults=self.faults)

    def edition(self) -> Edition:
        """As far as it could be read; its faults are collected on the way."""
        if self.part.content.get("level") not in (None, "community"):
            self.part.fault("level", "目前只考评社区（community）。")
        tasks = self._tasks()
        edition = Edition(
            track=self.part.choice("track", Track.values),
            title=self.part.text("title", 120, default=None),
            label=self.part.text("label", 80, default=self.label) or "",
            document_no=self.part.text("document_no", 80),
            stars=self._stars(tasks),
        )
        self._check_whole(edition, tasks)
        return edition

    def _check_whole(self, edition: Edition, tasks: list[tuple[str, EditionTask]]) -> None:
        """Only once every field could be read: one fault is not reported as five."""
        if any(place.startswith(self.place) for place in self.faults.by_place):
            return
        self.part.declared("total_tasks", Decimal(len(tasks)), "实有任务")
        self.part.declared("total_points", edition.full_points, "各项相加")
        for place, message in faults_of(edition):
            self.faults.add(f"{self.place} · {place}", message)

    # -- stars

    def _stars(self, tasks: list[tuple[str, EditionTask]]) -> tuple[EditionStar, ...]:
        found = [self._star(row, number, tasks) for number, row in enumerate(self.part.rows("stars"), 1)]
        stars = sorted((star for star in found if star is not None), key=lambda star: star.order)
        if len({star.code for star in stars}) < len(stars) or len({star.order for star in stars}) < len(stars):
            self.part.fault("stars", "星的名称和次序不能重复。")
        for code, task in tasks:
            if code not in {star.code for star in stars}:
                self.faults.add(f"{self.place} · 第 {task.number} 项 · 所属的星", "上面的星表里没有这颗星。")
        return tuple(stars)

    def _star(self, content: Any, number: int, tasks: list[tuple[str, EditionTask]]) -> EditionStar | None:
        part = self._section(content, f"第 {number} 颗星", _STAR)
        kind = self._kind(part, "name")
        order, pass_percent = part.whole("order"), self._ruled(part, "pass_percent").exact("pass_percent")
        prerequisites, veto = self._prerequisites(part), self._veto(part)
        if kind is None or order is None or pass_percent is None:
            return None
        own = tuple(sorted((task for code, task in tasks if code == kind.code), key=lambda task: task.number))
        star = EditionStar(*kind, order, pass_percent, prerequisites, veto, own)
        part.declared("tasks", Decimal(len(own)), "实有任务")
        part.declared("points", star.full_points, "各项相加")
        return star

    def _ruled(self, star: Section, key: str) -> Section:
        """Where a rule of a star stands: at the star, at its rubric, or among the defaults."""
        return next((part for part in (star, self.part) if key in part.content), self.defaults)

    def _prerequisites(self, star: Section) -> tuple[str, ...]:
        part = self._ruled(star, "prerequisites")
        kinds = [kind_named(name) if isinstance(name, str) else None for name in part.rows("prerequisites", default=[])]
        if None in kinds:
            part.fault("prerequisites", "没有这种星。")
        return tuple(kind.code for kind in kinds if kind is not None)

    def _veto(self, star: Section) -> tuple[dict[str, str], ...]:
        ruled = self._ruled(star, "veto")
        parts = [
            Section(row, place=f"{ruled.place} · 一票否决", labels=_VETO, faults=self.faults)
            for row in ruled.rows("veto", default=[])
        ]
        return tuple(
            {
                "clause": part.text("clause", 200, default=None),
                "document_no": part.text("document_no", 80, default=None),
            }
            for part in parts
        )

    def _kind(self, part: Section, key: str) -> Kind | None:
        name = part.text(key, 20, default=None)
        kind = kind_named(name) if name else None
        if name and kind is None:
            part.fault(key, f"没有“{name}”这种星。")
        return kind

    # -- tasks

    def _tasks(self) -> list[tuple[str, EditionTask]]:
        """Pairs of star code and task, as far as they could be read."""
        found = [self._task(row, position) for position, row in enumerate(self.part.rows("tasks"), 1)]
        return [pair for pair in found if pair is not None]

    def _task(self, content: Any, position: int) -> tuple[str, EditionTask] | None:
        part = self._section(content, f"第 {_stated_number(content, position)} 项", _TASK)
        kind, number, full = self._kind(part, "star"), part.whole("number"), part.exact("points")
        title = part.text("name", 60, default=None)
        task = EditionTask(
            number=number or 0,
            key=self._key(part, kind, title),
            title=title,
            standard=part.text("standard", 300, default=None),
            window=part.choice("window", Window.values),
            may_not_apply=part.flag("may_not_apply"),
            full_points=full or Decimal(0),
            criterion=self._criterion(part, full),
            evidence_hint=part.text("evidence", 200),
            indicator=self._indicator(part),
        )
        return None if kind is None or number is None or full is None else (kind.code, task)

    def _key(self, part: Section, kind: Kind | None, title: str) -> str:
        """The stated key, or one that stays the same for the same title under the same star."""
        stated = part.text("key", 60)
        if stated and not _KEY.fullmatch(stated):
            part.fault("key", "只能用小写英文字母、数字、“-”和“_”。")
        return stated or task_key(kind.code if kind else "", title)

    def _criterion(self, part: Section, full: Decimal | None) -> dict[str, Any]:
        if full is None:
            return {}
        if not full:
            part.fault("points", "须大于 0。")
            return {}
        kind, rule = part.content.get("kind"), part.content.get("rule")
        found = source_faults(kind, rule, full)
        for fault in found:
            part.fault("rule", fault)
        return {} if found else criterion_from_source(str(kind), rule or {}, full)

    def _indicator(self, part: Section) -> str:
        stated = part.content.get("ground")
        ground = Section(stated if stated is not None else {}, place=part.place, labels=_GROUND, faults=self.faults)
        ground.flag("follows")
        name = ground.text("indicator", 60)
        if name and self.indicators is not None and name not in self.indicators:
            ground.fault("indicator", f"文末的底数指标里没有“{name}”。")
        return name


def task_key(star: str, title: str) -> str:
    """The same title under the same star has the same key in every track and edition."""
    return f"{star}-{hashlib.sha1(title.encode(), usedforsecurity=False).hexdigest()[:8]}"


def _stated_number(content: Any, position: int) -> str:
    stated = content.get("number") if isinstance(content, dict) else None
    return stated[:6] if isinstance(stated, str) else f"（排在第 {position} 位的）"


def _indicator_names(file: Section) -> set[str] | None:
    """Names of the indicators the file lists; None when it lists none at all."""
    if "indicators" not in file.content:
        return None
    return {str(row.get("name")) for row in file.rows("indicators") if isinstance(row, dict)}
