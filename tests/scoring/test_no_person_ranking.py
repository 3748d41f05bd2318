"""Rule 16 over the whole code: nothing groups, filters, sorts or ranks points by person; scoring reads no log-in data.

What touches a person's column for another reason stands in `ALLOWED` with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.ground import ROOT, python_files, relative, template_files

APPS = ("scoring", "ledgers", "weidu_portal")

# Columns and attributes that name the person, account or appointment behind an act.
PERSON = {
    *("person", "people", "user", "username", "officer", "actor", "appointment", "requester"),
    *("entered_by", "confirmed_by", "draft_by", "reviewer", "reported_by", "by", "second_by"),
    *("asked_by", "signed_by", "issued_by", "published_by"),
}

# Calls whose text arguments choose rows, groups or an order.
CHOOSING = {"values", "values_list", "order_by", "distinct", "earliest", "latest", "in_bulk", "F", "OuterRef"}
CHOOSING |= {"Count", "Sum", "Avg", "Max", "Min", "StdDev", "Variance", "ArrayAgg", "Window", "Rank"}
FILTERING = {"filter", "exclude", "get", "Q"}
GROUPING = {"groupby", "sorted", "sort", "Counter", "min", "max", "sum", "itemgetter", "attrgetter"}
DECLARING = {"filterset_fields", "ordering_fields", "ordering", "search_fields"}

# (file, function) → why it touches a person's column; no points are grouped or ordered there.
ALLOWED = {
    ("scoring/selectors/current.py", "_name_people"): "persons by id, to put names to acts",
    ("scoring/selectors/review_queue.py", "queue_of"): "`by` is a wish: by community or by task",
    ("scoring/selectors/review_queue.py", "batches_of"): "bulk acts of one organisation, whoever did them; no points",
    (
        "scoring/selectors/signing.py",
        "signing_sheet",
    ): "who reviewed the batch, so that another person signs it; no points",
    ("scoring/selectors/after_closing.py", "_vetoed"): "the name beside an act",
    ("scoring/selectors/after_closing.py", "_settled"): "the one name of a bulk act, with how many items it took",
    ("scoring/selectors/on_behalf.py", "awaiting_confirmation"): "reports entered elsewhere that nobody confirmed yet",
    ("scoring/selectors/writers.py", "writers"): "who else is typing at an item now; no points",
    ("scoring/services/confirmation.py", "confirm_reports"): "nobody confirms what she entered",
    ("scoring/services/reminders.py", "_texts"): "whom to remind of what waits at her post; no points",
    ("scoring/services/sign_off.py", "sign_off_street"): "refuses the signature of whoever reviewed",
    ("ledgers/permissions.py", "get_draft_job_for"): "her own draft alone",
    ("ledgers/permissions.py", "get_paper_job_for"): "her own papers alone",
    ("ledgers/selectors/bundles.py", "bundle_jobs"): "her own archives in the making",
    ("weidu_portal/pages/about_me.py", "about_me"): "what is stored about herself; no points",
    ("weidu_portal/pages/about_me.py", "_posts"): "her own posts",
    ("weidu_portal/demo/practice.py", "counts_of"): "how many reports were entered on behalf; no points",
    ("weidu_portal/demo/standing_cast.py", "_officers"): "who holds which post, to play her part",
    ("weidu_portal/demo/cast.py", "_appoint"): "sample officers by account name",
}


def named(text: str) -> set[str]:
    """Names of persons in a lookup path such as `-reviews__reviewer_id`."""
    parts = text.lstrip("-").split("__")
    return {name for part in parts if (name := part.removesuffix("_id")) in PERSON}


def texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def attributes(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            yield part.attr


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def persons_in_call(node: ast.Call) -> set[str]:
    """Persons that a call chooses, filters, groups or sorts by."""
    name = called(node)
    found: set[str] = set()
    if name in CHOOSING:
        found |= {one for part in [*node.args, *node.keywords] for text in texts(part) for one in named(text)}
    if name in FILTERING:
        found |= {one for keyword in node.keywords if keyword.arg for one in named(keyword.arg)}
    if name in GROUPING:
        parts = [*node.args, *node.keywords]
        found |= {one for part in parts for text in (*attributes(part), *texts(part)) for one in named(text)}
    return found


def persons_in(node: ast.AST) -> set[str]:
    """Persons by which one node groups, filters or orders; empty for anything else."""
    if isinstance(node, ast.Call):
        return persons_in_call(node)
    if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in DECLARING for target in node.targets):
        return {one for text in texts(node.value) for one in named(text)}
    if isinstance(node, ast.DictComp):
        return {one for text in attributes(node.key) for one in named(text)}
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
        return {one for text in attributes(node.target.slice) for one in named(text)}
    return set()


class WithoutConstraints(ast.NodeTransformer):
    """Constraints compare two persons of one row ("nobody reviews her own entry"): they refuse, they do not choose."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return ast.Constant(value=None) if called(node) == "CheckConstraint" else self.generic_visit(node)


def findings(source: str) -> list[tuple[str, int, str]]:
    """(function, line, persons) of every place of a module that groups, filters or orders by a person."""
    tree = WithoutConstraints().visit(ast.parse(source))
    owners = {id(inner): f.name for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for inner in ast.walk(f)}
    return [
        (owners.get(id(node), "<module>"), node.lineno, ", ".join(sorted(persons)))
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt) and (persons := persons_in(node))
    ]


def all_findings() -> list[tuple[Path, str, int, str]]:
    paths = [path for app in APPS for path in python_files(app)]
    return [(path, *found) for path in paths for found in findings(path.read_text("utf-8"))]


def test_rule_16_nothing_groups_filters_or_orders_by_a_person() -> None:
    found = [
        f"{relative(path)}:{line} {function}: {persons}"
        for path, function, line, persons in all_findings()
        if (relative(path), function) not in ALLOWED
    ]
    assert found == []


def test_rule_16_every_exception_is_still_needed() -> None:
    touched = {(relative(path), function) for path, function, _, _ in all_findings()}
    assert sorted(set(ALLOWED) - touched) == []


@pytest.mark.parametrize(
    "source",
    [
        "Review.objects.values('reviewer').annotate(n=Count('pk'))",
        "Report.objects.values_list('entered_by__name').annotate(Sum('points'))",
        "Review.objects.order_by('-reviewer_id')",
        "Review.objects.filter(reviewer=person).aggregate(Avg('points'))",
        "Person.objects.annotate(n=Count('review__reviewer'))",
        "Counter(review.reviewer_id for review in reviews)",
        "sorted(reports, key=lambda report: report.entered_by.name)",
        "groupby(reports, key=attrgetter('entered_by'))",
        "{review.reviewer_id: 1 for review in reviews}",
        "tally[review.reviewer_id] += 1",
        "filterset_fields = ['month', 'entered_by']",
        "Window(Rank(), partition_by='by')",
    ],
)
def test_rule_16_a_ranking_of_persons_would_be_noticed(source: str) -> None:
    assert findings(source)


# -- templates

_TEMPLATE = re.compile(
    r"\{%\s*(?:regroup\s+\S+\s+by\s+(\S+)|ifchanged\s+(\S+))|\|\s*dictsort(?:reversed)?\s*:\s*[\"']([^\"']+)"
)


def template_findings(text: str) -> list[str]:
    """Expressions by which a template groups or sorts, where they name a person."""
    sorted_by = [next(part for part in match.groups() if part) for match in _TEMPLATE.finditer(text)]
    return [path for path in sorted_by if any(named(part) for part in path.split("."))]


def test_rule_16_no_template_groups_or_sorts_by_a_person() -> None:
    found = [
        f"{relative(path)}: {expression}"
        for path in template_files()
        if path.suffix == ".html"
        for expression in template_findings(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["{% regroup items by report.entered_by as people %}", "{{ reviews|dictsort:'reviewer.name' }}"],
)
def test_rule_16_a_grouping_template_would_be_noticed(text: str) -> None:
    assert template_findings(text)


# -- what scoring may not read

LOG_IN_MODULES = ("axes", "knox", "django.contrib.sessions", "django.contrib.admin", "core.selectors.audit")
LOG_IN_NAMES = {
    "AuditEntry",
    "ChainHead",
    "AccessLog",
    "AccessAttempt",
    "Session",
    "LogEntry",
    "last_login",
    "sessions",
}


def log_in_data(source: str) -> list[str]:
    """Imports and names of a module that reach sessions, log-ins or the audit."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        found += [module for module in modules if module.startswith(LOG_IN_MODULES)]
        names = [getattr(node, attribute, None) for attribute in ("id", "attr", "name")]
        found += [name for name in names if name in LOG_IN_NAMES]
        if isinstance(node, ast.Constant) and node.value in LOG_IN_NAMES:
            found.append(str(node.value))
    return found


# file → why it reads the audit; neither asks who acted.
PROVING = {
    "scoring/selectors/proof/audit.py": "the chain and the digests of a month's rows",
    "scoring/selectors/proof/entries.py": "when a month was closed, what its opening froze",
}


def test_scoring_reads_no_log_in_and_no_audit() -> None:
    found = {relative(path): log_in_data(path.read_text("utf-8")) for path in python_files("scoring")}
    assert {path for path, names in found.items() if names} == set(PROVING)
    for path in PROVING:
        assert "actor" not in (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "from axes.models import AccessLog",
        "import django.contrib.sessions.models",
        "from core.models import AuditEntry",
        "from core.selectors import audit",
        "user.last_login",
        "apps.get_model('core', 'AuditEntry')",
    ],
)
def test_a_look_at_log_ins_would_be_noticed(source: str) -> None:
    assert log_in_data(source)


def test_scoring_writes_the_audit_all_the_same() -> None:
    services = (ROOT / "scoring/services").glob("*.py")
    assert any("from core.services import audit" in path.read_text("utf-8") for path in services)
