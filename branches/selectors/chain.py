"""Reading the chain: the tree of a day, the history of one organisation, search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import OuterRef, Q, Subquery

from branches.choices import PartyForm, Track
from branches.models import Ancestry, Organisation, Placement

MAX_FOUND = 50
MAX_QUERY = 60


@dataclass
class Node:
    """One organisation in the tree of a day, with what stands directly below it."""

    organisation_id: int
    code: str
    name: str
    kind: str
    level: int | None
    track: str
    form: str
    parent_id: int | None
    display_order: int
    below: list[Node] = field(default_factory=list)

    @property
    def track_label(self) -> str:
        return str(Track(self.track).label) if self.track else ""

    @property
    def form_label(self) -> str:
        return str(PartyForm(self.form).label) if self.form else ""

    @property
    def offices(self) -> list[Node]:
        """Creation office and task forces, which stand beside the chain."""
        return [node for node in self.below if node.level is None]

    @property
    def chain(self) -> list[Node]:
        return [node for node in self.below if node.level is not None]

    @property
    def below_count(self) -> int:
        """How many stand two levels down: the communities of a district."""
        return sum(len(node.chain) for node in self.chain)


@dataclass(frozen=True)
class HistoryEntry:
    """A placement with its last included day (None = still in force) and what it changed."""

    placement: Placement
    parent_name: str
    last_on: date | None
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A search result: the organisation on that day, where it hangs, and the alias that matched."""

    code: str
    name: str
    kind: str
    level: int | None
    parent_name: str
    alias: str
    rank: int


def chain_tree(day: date) -> list[Node]:
    """The whole chain as it stood on `day`, from the districts down; one query whatever its size."""
    nodes = {node.organisation_id: node for node in _nodes(day)}
    below: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes.values():
        below[node.parent_id if node.parent_id in nodes else None].append(node)
    for pk, node in nodes.items():
        node.below = below[pk]
    return below[None]


def _nodes(day: date, **only: Organisation) -> list[Node]:
    columns = ("organisation_id", "organisation__code", "name", "organisation__kind", "organisation__level")
    rows = (
        Placement.objects.in_force(day)
        .filter(organisation__in=Organisation.objects.standing_on(day), **only)
        .order_by("display_order", "organisation__code")
        .values_list(*columns, "track", "form", "parent_id", "display_order")
    )
    return [Node(*row) for row in rows]


def history_of(organisation: Organisation) -> list[HistoryEntry]:
    """All placements in force one after the other, newest first, with what each parent was called then; one query."""
    parents = Placement.objects.filter(organisation=OuterRef("parent"), starts_on__lte=OuterRef("starts_on"))
    name = Subquery(parents.order_by("-starts_on", "-revision").values("name")[:1])
    placements = list(organisation.placements.current().annotate(parent_name=name).order_by("starts_on"))
    entries = []
    for number, placement in enumerate(placements):
        following = placements[number + 1] if number + 1 < len(placements) else None
        end = following.starts_on if following else organisation.closed_on
        before = placements[number - 1] if number else None
        entries.append(
            HistoryEntry(
                placement=placement,
                parent_name=placement.parent_name or "",
                last_on=end - timedelta(days=1) if end else None,
                changes=_changes(before, placement),
            )
        )
    return entries[::-1]


def _changes(before: Placement | None, after: Placement) -> tuple[str, ...]:
    if before is None:
        return ("成立",)
    labels = {"name": "更名", "parent_id": "划转", "track": "类别", "form": "组织形式"}
    return tuple(label for column, label in labels.items() if getattr(before, column) != getattr(after, column))


def children_of(organisation: Organisation, day: date) -> list[Node]:
    """What stands directly below on `day`; one query."""
    return _nodes(day, parent=organisation)


def parents_of(organisation: Organisation, day: date) -> list[Organisation]:
    """From the district down to the one above, with their names of that day."""
    above = Ancestry.objects.in_force(day).filter(descendant=organisation, depth__gt=0)
    rows = Organisation.objects.as_of(day).filter(descent__in=above)
    return list(rows.order_by("-descent__depth"))


def search_organisations(text: str, day: date, *, limit: int = MAX_FOUND) -> list[Found]:
    """Organisations standing on `day` by name, alias, pinyin initials, full pinyin or code; the best first, at most 50.

    The exact code or name leads, then beginnings, then what merely contains the text.
    """
    text = "".join(text.split())[:MAX_QUERY]
    if not text:
        return []
    key = text.lower()
    standing = Organisation.objects.standing_on(day)
    by_name = Placement.objects.in_force(day).filter(organisation__in=standing)
    hits = Q(name__icontains=text) | Q(organisation__code__startswith=text) | Q(organisation__code__endswith=text)
    hits |= Q(search_keys__contains=f" {key}") | Q(organisation__aliases__name__icontains=text)
    hits |= Q(organisation__aliases__search_keys__contains=f" {key}")
    rows = by_name.filter(hits).select_related("organisation").prefetch_related("organisation__aliases").distinct()
    found = sorted((_found(row, text, key) for row in rows), key=lambda one: (one.rank, one.level or 9, one.code))
    return _with_parents(found[:limit], rows, day)


def _found(row: Placement, text: str, key: str) -> Found:
    organisation = row.organisation
    ranked = [(_rank(row.name, row.search_keys, organisation.code, text, key), "")]
    ranked += [(_rank(one.name, one.search_keys, "", text, key) + 1, one.name) for one in organisation.aliases.all()]
    rank, alias = min(ranked)
    return Found(organisation.code, row.name, organisation.kind, organisation.level, "", alias, rank)


def _rank(name: str, keys: str, code: str, text: str, key: str) -> int:
    """0 exact, 2 a beginning, 4 exact pinyin, 6 a beginning of the pinyin, 8 somewhere inside, 20 not at all."""
    if text in (name, code):
        return 0
    if name.startswith(text) or (code and code.startswith(text)):
        return 2
    if f" {key} " in keys:
        return 4
    if f" {key}" in keys:
        return 6
    return 8 if text in name or (code and code.endswith(text)) else 20


def _with_parents(found: list[Found], rows: Iterable[Placement], day: date) -> list[Found]:
    parent_of = {row.organisation.code: row.parent_id for row in rows}
    ids = {parent_of[one.code] for one in found} - {None}
    names = dict(Placement.objects.in_force(day).filter(organisation__in=ids).values_list("organisation_id", "name"))
    return [Found(**{**vars(one), "parent_name": names.get(parent_of[one.code] or 0, "")}) for one in found]
