"""Every route of the portal, who may try it, and what must not change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from branches.models import Appointment
from core.models import Job, Notification
from core.services.files import store_bytes
from grids.models import Courtyard, Document, Grid, PropertyCompany, ServiceCentre
from grids.models.base import KeptRow
from grids.registers import REGISTERS
from ledgers.models import Bundle, Ledger, LedgerBatch, PaperKind, WorkingPaper
from ledgers.permissions import DRAW_PAPER
from ledgers.services.papers import request_paper
from scoring.calc.sampling import Size
from scoring.models import Evidence, Rating, ReturnPhrase, Rubric, SpotCheckItem
from scoring.services.spot_check import draw_spot_check, record_finding
from tests.api.conftest import Autumn
from tests.grids.ground import centre_of, exception_of, figure, ground_of
from tests.grids.rows import SLUGS, Rows
from tests.scoring.month import item_of

OWN_APPS = ("core", "branches", "grids", "scoring", "ledgers", "knox")


@dataclass(frozen=True)
class Route:
    """One address of the portal; `name` as `{% url %}` calls it."""

    name: str
    address: str
    callback: Callable[..., HttpResponse]

    @property
    def policy(self) -> str | None:
        """What the view (or its viewset) declares."""
        of_class = getattr(self.callback, "cls", None) or getattr(self.callback, "view_class", None)
        declared: str | None = getattr(of_class, "policy", None) if of_class else getattr(self.callback, "policy", None)
        return declared

    @property
    def is_api(self) -> bool:
        return self.address.startswith("/api/")


def all_routes(patterns: list[Any] | None = None, prefix: str = "/", namespace: str = "") -> Iterator[Route]:
    """Every pattern of the resolver, included ones too, in their order."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern).lstrip("^").removesuffix(r"\Z").removesuffix("$")
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from all_routes(pattern.url_patterns, address, inner)
        elif isinstance(pattern, URLPattern):
            name = ":".join(part for part in (namespace, pattern.name) if part)
            yield Route(name, address, pattern.callback)


# -- the objects that the addresses name: 府后's, so that everybody stands in some relation to them


def arguments(autumn: Autumn, draft: Job) -> dict[str, list[Any]]:
    """Positional arguments of every route that takes some, by its name (or by all names that start with it)."""
    town = autumn.town
    item = item_of(autumn.october, town.fuhou, 4)
    rating = Rating.objects.get(assessment=item.assessment_id)
    rubric = Rubric.objects.get(track="urban").pk
    ledger = "community-411002001006-2026-09-1"
    drawn = sampled(autumn)
    kept = kept_rows(autumn)
    places = standing_places(autumn)
    waiting = Job.objects.exclude(kind=DRAW_PAPER).get(requester=draft.requester, state=Job.State.QUEUED)
    phrase, _ = ReturnPhrase.objects.get_or_create(programme=autumn.october.programme, text="请补充会议记录。")
    return {
        **{f"{slug}-detail": [row.pk] for slug, row in kept.items()},
        "core:job": [draft.pk],
        "core:notification_read": [Notification.objects.get(recipient=town.lin.user).pk],
        "core:cancel_job": [waiting.pk],
        "core:retry_job": [waiting.pk],
        "branches:organisation": [town.fuhou.code],
        "branches:contact": [town.fuhou.code, town.lin.appointment.pk],
        "branches:account": [town.chen.person.pk],
        "branches:appoint": [town.chen.person.pk],
        "branches:appointment_end": [town.chen.person.pk, Appointment.objects.get(person=town.chen.person).pk],
        "grids:register": ["rectifications"],
        "grids:row": ["rectifications", kept["rectifications"].pk],
        "grids:row_new": ["rectifications"],
        "grids:row_grid": ["rectifications"],
        "grids:rows_confirm": ["service-contracts"],
        "grids:contact_phone": [kept["contacts"].pk],
        "grids:document_file": [kept["documents"].pk],
        "grids:ground_at": [town.fuhou.code],
        "grids:check_accept": [town.fuhou.code],
        "grids:exception_withdraw": [exception_of(town).pk],
        "grids:merge": [town.fuhou.code],
        "grids:hand_over": [town.fuhou.code],
        "grids:company": [places.company.pk],
        "grids:places": ["courtyards"],
        "grids:place_new": ["courtyards"],
        "grids:place_": ["courtyards", places.courtyard.code],
        "grids:grid": [places.grid.code],
        "grids:split": [places.grid.code],
        "grids:move": [places.grid.code],
        "grids:courtyard": [places.courtyard.code],
        "grids:centre": [places.centre.code],
        "scoring:rubric": [rubric],
        "scoring:assessment": [item.assessment_id],
        "scoring:duties": [town.fuhou.code],
        "scoring:duty_": [town.fuhou.code],
        "scoring:paper": [item.assessment_id],
        "scoring:item": [item.pk],
        "scoring:evidence": [Evidence.objects.get(title=EVIDENCE).pk],
        "scoring:review_item": [item.pk],
        "scoring:review_undo": [item.pk],
        "scoring:return_phrase": [phrase.pk],
        "scoring:rule_item": [item.pk],
        "scoring:unlock_item": [item.pk],
        "scoring:review_star": ["2026-10", "joint_sharing"],
        "scoring:ranking": ["2026-09"],
        "scoring:results": [town.fuhou.code],
        "scoring:result_items": ["2026-09"],
        "scoring:spot_check": [drawn.spot_check.pk],
        "scoring:spot_checks": ["2026-10"],
        "scoring:spot_result": [drawn.pk],
        "scoring:spot_review": [drawn.pk],
        "grids:people": [town.fuhou.code],
        "grids:indicators": [town.fuhou.code],
        "grids:measure": [figure(town).measure.code],
        "grids:mine_mended": [1],
        "statistic-detail": [figure(town).pk],
        "ledgers:ledger": [ledger],
        "ledgers:pdf": [ledger],
        "ledgers:xlsx": [ledger],
        "ledgers:bundle_file": [street_bundle(autumn).pk],
        "ledgers:verify_code": [Ledger.objects.get(number=ledger).verify_code],
        "ledgers:batch": [LedgerBatch.objects.latest("pk").pk],
        "ledgers:draft_": [draft.pk],
        "ledgers:paper_": [printed(autumn, draft).pk],
        "ledgers:weekly": [item.assessment_id],
        "organisation-detail": [town.fuhou.code],
        "grid-detail": [places.grid.code],
        "courtyard-detail": [places.courtyard.code],
        "service-centre-detail": [places.centre.code],
        "property-company-detail": [places.company.pk],
        "rubric-detail": [rubric],
        "period-detail": [autumn.october.pk],
        "assessment-detail": [item.assessment_id],
        "item-detail": [item.pk],
        "rating-detail": [rating.pk],
        "publication-detail": [autumn.publication.pk],
        "ledger-detail": [ledger],
    }


def kept_rows(autumn: Autumn) -> dict[str, KeptRow]:
    """A row of every register on the ground of 府后, the base document with its file; by register."""
    if not Document.objects.exists():
        rows = Rows(autumn.town)
        for slug in SLUGS:
            rows.row(slug)
        Document.objects.update(file=store_bytes(b"%PDF-1.7 kept", media_type="application/pdf"))
    return {one.slug: one.model.objects.order_by("pk")[0] for one in REGISTERS}


def street_bundle(autumn: Autumn) -> Bundle:
    """The archive of 府后's street, 周's; the file is a stand-in."""
    found = {"publication": autumn.publication, "kind": "archive", "organisation": autumn.town.streets[0]}
    stored = store_bytes(b"PK", media_type="application/zip")
    kept, _ = Bundle.objects.get_or_create(
        **found, inputs_sha256="b" * 64, defaults={"name": "西大街道", "ledgers": 3, "pages": 9, "file": stored}
    )
    return kept


@dataclass(frozen=True)
class Places:
    """What stands on 府后's ground."""

    grid: Grid
    courtyard: Courtyard
    centre: ServiceCentre
    company: PropertyCompany


def standing_places(autumn: Autumn) -> Places:
    """府后's first grid, courtyard and centre, and a company."""
    town = autumn.town
    ground = ground_of(town)
    return Places(ground.grids[0], ground.courtyards[0], centre_of(town), ground.company)


def printed(autumn: Autumn, draft: Job) -> Job:
    """林's sheet for the weekly meeting, drawn."""
    paper = WorkingPaper.objects.filter(job__requester=draft.requester).select_related("job").first()
    if paper is not None:
        return paper.job
    asked = {"period": autumn.october, "organisation_code": autumn.town.fuhou.code, "kind": PaperKind.WEEKLY}
    job = request_paper(actor=autumn.town.lin, **asked)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    shown = {"kind": PaperKind.WEEKLY, "organisation": autumn.town.fuhou, "file": draft.draft_print.file}
    WorkingPaper.objects.create(job=job, period=autumn.october, **shown)
    return job


def sampled(autumn: Autumn) -> SpotCheckItem:
    """府后's item in the sample that 郑2 has drawn, found to differ."""
    found = SpotCheckItem.objects.filter(item=item_of(autumn.october, autumn.town.fuhou, 4)).first()
    if found is not None:
        return found
    actor = autumn.town.zheng[1]
    kept = draw_spot_check(actor=actor, period=autumn.october, size=Size(9, 9, 0), seed="7f")
    drawn = kept.items.get(item=item_of(autumn.october, autumn.town.fuhou, 4))
    record_finding(actor=actor, drawn=drawn, result="differs", text="缺一次会议。")
    return drawn


def bound(route: Route, given: dict[str, list[Any]]) -> str:
    """The address of a route with its arguments; the longest fitting name gives them, a month is October."""
    return reverse(route.name, args=_arguments_of(route, given)) + QUERIES.get(route.name, "")


def _arguments_of(route: Route, given: dict[str, list[Any]]) -> list[Any]:
    if "<" not in route.address and "(?P" not in route.address:
        return []
    fitting = sorted((name for name in given if route.name.startswith(name)), key=len)
    return given[fitting[-1]] if fitting else ["2026-10"]


# The photograph beside 府后's item, see `draft` in conftest.
EVIDENCE = "联席会议现场"
FORM_KEY = UUID("6f7f3a0e-5c0a-4f7e-9d55-0d8a3f0c1b2d")

# What some pages must be told besides.
QUERIES = {
    "ledgers:bundles": "?month=2026-09",
    "scoring:review_street": "?street=411002001",
    "scoring:review_item": "?axis=street",
}


def posted(autumn: Autumn) -> dict[str, Any]:
    """One filled-in form for every route that takes one: what is refused is refused for who asks, not for what."""
    item = item_of(autumn.october, autumn.town.fuhou, 4)
    return {
        "month": "2026-10",
        "organisation": autumn.town.fuhou.code,
        "reason": "工作需要",
        "order": "5",
        "document_no": "魏创〔2026〕1号",
        "starts_on": "2027-01-01",
        "name": "新名称",
        "axis": "street",
        "outcome": "agree",
        "kind": "points",
        "points": "1.00",
        "day": "2026-10-01",
        "is_working": "no",
        "year": "2026",
        "evidence": str(Evidence.objects.get(title=EVIDENCE).pk),
        "title": "会议记录",
        "text": "已存档。",
        "happened_on": "2026-10-30",
        "form_key": "0b7b5d8e-0f3c-4d3a-8a53-6f3f5b0f7a11",
        "version": str(item.version),
        "result": "matches",
        "revision": "1",
        "item": f"{item.pk}:{item.version}",
        "until": "2026-12-31T12:00",
        "to": "disable",
        "username": "new-account",
        f"{item.pk}-kind": "points",
    }


# -- who


def browsers(autumn: Autumn) -> dict[str, Client]:
    """A browser a principal, in the order of the tables; the last one's account was disabled after log-in."""
    town = autumn.town
    known = {name: signed_in(town.everybody[name]) for name in PRINCIPALS if name not in ("nobody", "disabled")}
    disabled = signed_in(town.lin2)
    town.lin2.user.is_active = False
    town.lin2.user.save()
    return {"nobody": Client(), **known, "disabled": disabled}


PRINCIPALS = (
    *("nobody", "lin", "chen", "fan", "zhou", "wu", "zheng1", "zheng2", "wang"),
    *("reader", "sysadmin", "secadmin", "auditor", "disabled"),
)


def signed_in(officer: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(officer.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# -- what came of it

WORDS = {200: "ok", 401: "401", 403: "403", 404: "404", 405: "405", 409: "409", 422: "422"}


def word_of(answer: Any) -> str:
    """`in` is the way to the log-in page, `to` the way to any other page."""
    if answer.status_code == 302:
        return "in" if answer["Location"].startswith("/login/") else "to"
    return WORDS.get(answer.status_code, str(answer.status_code))


def rows_digest() -> dict[str, str]:
    """A digest of all rows of every table of ours, by model."""
    models = [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]
    return {model._meta.label: sha256(repr(list(model.objects.order_by("pk").values())).encode()) for model in models}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
