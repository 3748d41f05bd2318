"""Bringing the chain in line with a list of streets and communities: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.calc.search_keys import search_keys
from branches.choices import Level, PartyForm, Track
from branches.imports import Attributes, ListedRow, Problem, problems_error, read_listing, with_attributes
from branches.models import Alias, Organisation
from branches.permissions import can_keep_chain
from branches.services.organisation import NewOrganisation, found_all
from branches.services.placing import record_change
from core import clock
from core.errors import Invalid
from core.services import audit

FIRST_DOCUMENT = "初始登记"


@dataclass(frozen=True)
class Entry:
    """One organisation as the file wants it."""

    row: int
    code: str
    name: str
    level: int
    parent_code: str
    attributes: Attributes

    @property
    def column(self) -> str:
        return "street" if self.level == Level.STREET else "community"


@dataclass
class ListingPlan:
    """What an import would do, and why it may not."""

    new_streets: list[Entry] = field(default_factory=list)
    new_communities: list[Entry] = field(default_factory=list)
    changed: list[tuple[Organisation, Entry, dict[str, Any]]] = field(default_factory=list)
    new_aliases: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.new_streets or self.new_communities or self.changed or self.new_aliases)

    def summary(self) -> str:
        return (
            f"新设街道{len(self.new_streets)}个、社区{len(self.new_communities)}个，变更{len(self.changed)}个，"
            f"补登别名{len(self.new_aliases)}个，不变{self.unchanged}个。"
        )


def plan_listing(
    content: bytes,
    *,
    attributes: dict[str, Attributes] | None = None,
    starts_on: date | None = None,
    document_no: str = "",
) -> ListingPlan:
    """Read the file and compare it with the chain; writes nothing. Problems of both are in the plan."""
    listing = read_listing(content)
    district = Organisation.objects.filter(level=Level.DISTRICT).order_by("code").first()
    if district is None:
        raise Invalid("尚未建立区委，请先初始化。")
    day = starts_on or first_day(district)
    plan = ListingPlan(problems=list(listing.problems))
    known = _known(day)
    for entry in _entries(with_attributes(listing.rows, attributes or {}), district, attributes or {}):
        _compare(plan, entry, known, district, document_no)
    plan.problems.sort(key=lambda problem: problem.row)
    return plan


def import_listing(
    *,
    actor: Officer,
    content: bytes,
    source: str,
    attributes: dict[str, Attributes] | None = None,
    starts_on: date | None = None,
    document_no: str = "",
) -> ListingPlan:
    """Apply a file without problems in one transaction; Invalid with all of them otherwise.

    What differs from the chain (name, street, track, form) is a change and needs a 文号. The same file twice changes
    nothing. New organisations start on `starts_on`: by default today, or with the district when it has no streets yet.
    """
    can_keep_chain(actor).require()
    with transaction.atomic():
        district = Organisation.objects.select_for_update().filter(level=Level.DISTRICT).order_by("code").first()
        plan = plan_listing(content, attributes=attributes, starts_on=starts_on, document_no=document_no)
        if plan.problems or district is None:
            raise problems_error(plan.problems)
        day = starts_on or first_day(district)
        paper = {"document_no": document_no or FIRST_DOCUMENT, "reason": f"导入 {source}"[:200]}
        for entries in (plan.new_streets, plan.new_communities):
            _found(actor, entries, day, paper)
        for organisation, _entry, changes in plan.changed:
            record_change(
                actor=actor,
                verb="branches.import_change",
                organisation=organisation,
                changes=_with_parent_id(changes),
                starts_on=day,
                **paper,
            )
        _add_aliases(actor, plan.new_aliases)
    return plan


def first_day(district: Organisation) -> date:
    """A first import states what has stood all along; a later one takes effect today."""
    has_streets = Organisation.objects.filter(level=Level.STREET).exists()
    return clock.today() if has_streets else district.opened_on


def _entries(rows: list[ListedRow], district: Organisation, attributes: dict[str, Attributes]) -> Iterable[Entry]:
    seen: set[str] = set()
    for row in rows:
        if row.street_code not in seen:
            seen.add(row.street_code)
            street = attributes.get(row.street_code, Attributes())
            yield Entry(row.row, row.street_code, row.street, Level.STREET, district.code, street)
        if row.community_code not in seen:
            seen.add(row.community_code)
            yield Entry(row.row, row.community_code, row.community, Level.COMMUNITY, row.street_code, row.attributes)


def _known(day: date) -> dict[str, Organisation]:
    rows = Organisation.objects.as_of(day).with_parent_code().prefetch_related("aliases")
    return {organisation.code: organisation for organisation in rows}


def _compare(
    plan: ListingPlan, entry: Entry, known: dict[str, Organisation], district: Organisation, document_no: str
) -> None:
    present = known.get(entry.code)
    if present is None:
        _plan_new(plan, entry, district)
        return
    if present.level != entry.level or present.closed_on is not None or present.name is None:
        why = "已撤销或在生效日尚未成立" if present.level == entry.level else "层级不同"
        plan.problems.append(Problem(entry.row, f"{entry.column}_code", f"代码{entry.code}已有登记，但{why}。"))
        return
    changes = _differences(present, entry)
    if changes and not document_no:
        what = "、".join(f"{label}（现为{old or '空'}）" for label, old in _described(present, changes))
        message = f"与现行登记不同：{what}。如确有变更，请注明文号后再导入。"
        plan.problems.append(Problem(entry.row, entry.column, message))
    elif changes:
        plan.changed.append((present, entry, changes))
    else:
        plan.unchanged += 1
    held = {alias.name for alias in present.aliases.all()}
    plan.new_aliases += [(entry.code, alias) for alias in entry.attributes.aliases if alias not in held]


def _plan_new(plan: ListingPlan, entry: Entry, district: Organisation) -> None:
    above = district.code if entry.level == Level.STREET else entry.parent_code
    if not entry.code.startswith(above):
        owner = "本区" if entry.level == Level.STREET else "所列街道"
        message = f"代码{entry.code}不属于{owner}（{above}）。"
        plan.problems.append(Problem(entry.row, f"{entry.column}_code", message))
    elif entry.level == Level.STREET:
        plan.new_streets.append(entry)
    else:
        plan.new_communities.append(entry)


def _differences(present: Organisation, entry: Entry) -> dict[str, Any]:
    wanted = {"name": entry.name, "parent_code": entry.parent_code}
    if entry.attributes.form:
        wanted["form"] = entry.attributes.form
    if entry.attributes.track and entry.level == Level.COMMUNITY:
        wanted["track"] = entry.attributes.track
    return {column: value for column, value in wanted.items() if getattr(present, column) != value}


def _described(present: Organisation, changes: dict[str, Any]) -> list[tuple[str, str]]:
    labels = {"name": "名称", "parent_code": "上级", "form": "组织形式", "track": "类别"}
    shown = {**dict(Track.choices), **dict(PartyForm.choices)}
    return [(labels[column], str(shown.get(getattr(present, column), getattr(present, column)))) for column in changes]


def _found(actor: Officer, entries: list[Entry], day: date, paper: dict[str, str]) -> None:
    if not entries:
        return
    codes = {entry.parent_code for entry in entries}
    parents = {parent.code: parent for parent in Organisation.objects.filter(code__in=codes)}
    plans = [_new(entry, parents[entry.parent_code]) for entry in entries]
    found_all(actor=actor, plans=plans, opened_on=day, **paper)


def _new(entry: Entry, parent: Organisation) -> NewOrganisation:
    is_street = entry.level == Level.STREET
    return NewOrganisation(
        code=entry.code,
        name=entry.name,
        level=entry.level,
        parent=parent,
        form=entry.attributes.form or (PartyForm.WORKING_COMMITTEE if is_street else ""),
        track="" if is_street else entry.attributes.track or Track.URBAN,
        aliases=entry.attributes.aliases,
    )


def _with_parent_id(changes: dict[str, Any]) -> dict[str, Any]:
    columns = dict(changes)
    if "parent_code" in columns:
        columns["parent_id"] = Organisation.objects.get(code=columns.pop("parent_code")).pk
    return columns


def _add_aliases(actor: Officer, aliases: list[tuple[str, str]]) -> None:
    if not aliases:
        return
    owners = {row.code: row for row in Organisation.objects.filter(code__in={code for code, _alias in aliases})}
    Alias.objects.bulk_create(
        Alias(organisation=owners[code], name=alias, search_keys=search_keys(alias)) for code, alias in aliases
    )
    audit.record(actor=actor, verb="branches.add_aliases", payload={"aliases": [list(pair) for pair in aliases]})
