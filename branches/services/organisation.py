"""Founding and closing organisations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from branches.acting import Officer
from branches.calc.search_keys import search_keys
from branches.choices import Level, OrganisationKind, PartyForm, SuccessionKind
from branches.models import Alias, Ancestry, Organisation, Placement, Succession
from branches.permissions import can_keep_chain
from branches.services import words
from branches.services.ancestry import rebuild_ancestry
from branches.services.placing import check_parent, check_track
from core import guards
from core.actor import Actor
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit

BATCH = 1000
CHILD_DIGITS = 3


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation to be founded; `code` may be blank for grids and courtyards: it follows from the parent's."""

    name: str
    parent: Organisation | None
    level: int | None = None
    kind: str = OrganisationKind.CHAIN
    code: str = ""
    form: str = ""
    track: str = ""
    display_order: int = 0
    aliases: tuple[str, ...] = field(default=())


def found_organisation(
    *, actor: Officer, new: NewOrganisation, opened_on: date, document_no: str, reason: str
) -> Organisation:
    """Found one organisation from a day on; Invalid for unusable input, Conflict for a code in use."""
    can_keep_chain(actor).require()
    return found_all(actor=actor, plans=[new], opened_on=opened_on, document_no=document_no, reason=reason)[0]


def found_all(
    *, actor: Actor, plans: Sequence[NewOrganisation], opened_on: date, document_no: str, reason: str
) -> list[Organisation]:
    """Found many under parents that exist, in one act with one audit entry. The caller has asked for the permit."""
    document_no, reason = words.document_and_reason(document_no, reason)
    with transaction.atomic():
        parents = _lock({plan.parent.pk for plan in plans if plan.parent})
        for plan in plans:
            _check(plan, parents.get(plan.parent.pk) if plan.parent else None, opened_on)
        founded = _write_organisations(plans, opened_on)
        placements = [
            _placement(plan, organisation, opened_on, document_no, reason)
            for plan, organisation in zip(plans, founded, strict=True)
        ]
        placements = Placement.objects.bulk_create(placements, batch_size=BATCH)
        _write_aliases(plans, founded)
        rebuild_ancestry([organisation.pk for organisation in founded])
        payload = {
            "codes": [organisation.code for organisation in founded],
            "opened_on": opened_on,
            "document_no": document_no,
            "reason": reason,
            "row_digests": row_digests(placements),
        }
        audit.record(
            actor=actor,
            verb="branches.found",
            subject=founded[0] if len(founded) == 1 else None,
            payload=payload,
        )
    return founded


def close_organisation(
    *,
    actor: Officer,
    organisation: Organisation,
    closed_on: date,
    document_no: str,
    reason: str,
    successor: Organisation | None = None,
    succession: str = SuccessionKind.MERGE,
) -> Organisation:
    """Close from a day on. Refused while something stands below it or a guard objects.

    Appointments go on: an open month is finished under the frozen chain; the security administrator ends them after it.
    """
    can_keep_chain(actor).require()
    document_no, reason = words.document_and_reason(document_no, reason)
    with transaction.atomic():
        locked = _lock({organisation.pk, *([successor.pk] if successor else [])})
        organisation = locked[organisation.pk]
        _check_closing(organisation, closed_on)
        organisation.closed_on = closed_on
        organisation.closing_document_no, organisation.closing_reason = document_no, reason
        organisation.save(update_fields=["closed_on", "closing_document_no", "closing_reason"])
        rows = [_succession(organisation, locked[successor.pk], succession, document_no)] if successor else []
        rebuild_ancestry([organisation.pk])
        payload = {
            "code": organisation.code,
            "closed_on": closed_on,
            "document_no": document_no,
            "reason": reason,
            "successor": successor.code if successor else None,
            "row_digests": row_digests(rows),
        }
        audit.record(actor=actor, verb="branches.close", subject=organisation, payload=payload)
    return organisation


def next_code_below(parent: Organisation, given: Sequence[str] = ()) -> str:
    """The code of the parent at birth and three digits, one more than the highest ever given."""
    pattern = re.compile(rf"{re.escape(parent.code)}([0-9]{{{CHILD_DIGITS}}})")
    stored = Organisation.objects.filter(code__startswith=parent.code).values_list("code", flat=True)
    numbers = [int(found[1]) for code in (*stored, *given) if (found := pattern.fullmatch(code))]
    number = max(numbers, default=0) + 1
    if number >= 10**CHILD_DIGITS:
        raise Conflict("该上级之下的代码已用完。")
    return f"{parent.code}{number:0{CHILD_DIGITS}}"


def _lock(ids: set[int]) -> dict[int, Organisation]:
    rows = Organisation.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {organisation.pk: organisation for organisation in rows}


def _check(plan: NewOrganisation, parent: Organisation | None, opened_on: date) -> None:
    if plan.kind not in OrganisationKind.values or (plan.level is not None and plan.level not in Level.values):
        raise words.invalid("level", "请选择列表中的类别和层级。")
    if (plan.level is None) is (plan.kind == OrganisationKind.CHAIN):
        raise words.invalid("level", "层级党组织须有层级，其他机构没有层级。")
    if plan.form and plan.form not in PartyForm.values:
        raise words.invalid("form", "请选择列表中的组织形式。")
    check_parent(plan.kind, plan.level, parent, opened_on)
    check_track(plan.level, plan.track)


def _write_organisations(plans: Sequence[NewOrganisation], opened_on: date) -> list[Organisation]:
    codes: list[str] = []
    for plan in plans:
        codes.append(words.organisation_code(plan.code or _derived_code(plan, codes)))
    _refuse_known_codes(codes)
    rows = [
        Organisation(code=code, kind=plan.kind, level=plan.level, opened_on=opened_on)
        for plan, code in zip(plans, codes, strict=True)
    ]
    return Organisation.objects.bulk_create(rows, batch_size=BATCH)


def _derived_code(plan: NewOrganisation, given: list[str]) -> str:
    if plan.parent is None or plan.level not in (Level.GRID, Level.COURTYARD):
        return ""
    return next_code_below(plan.parent, given)


def _refuse_known_codes(codes: list[str]) -> None:
    twice = {code for code, times in Counter(codes).items() if times > 1}
    for start in range(0, len(codes), BATCH // 2):
        part = codes[start : start + BATCH // 2]
        twice |= set(Organisation.objects.filter(code__in=part).values_list("code", flat=True))
    if twice:
        raise Conflict(f"代码已被使用：{'、'.join(sorted(twice)[:10])}")


def _placement(
    plan: NewOrganisation, organisation: Organisation, opened_on: date, document_no: str, reason: str
) -> Placement:
    name = words.organisation_name(plan.name)
    return Placement(
        organisation=organisation,
        starts_on=opened_on,
        parent=plan.parent,
        name=name,
        form=plan.form,
        track=plan.track,
        display_order=plan.display_order,
        document_no=document_no,
        reason=reason,
        search_keys=search_keys(name),
    )


def _write_aliases(plans: Sequence[NewOrganisation], founded: list[Organisation]) -> None:
    Alias.objects.bulk_create(
        Alias(organisation=organisation, name=alias, search_keys=search_keys(alias))
        for plan, organisation in zip(plans, founded, strict=True)
        for alias in dict.fromkeys(words.organisation_name(name) for name in plan.aliases)
    )


def _check_closing(organisation: Organisation, closed_on: date) -> None:
    if organisation.closed_on:
        raise Conflict(f"该党组织已登记于{organisation.closed_on:%Y-%m-%d}撤销。")
    if organisation.level == Level.DISTRICT:
        raise Conflict("区委不能撤销。")
    if closed_on <= organisation.opened_on:
        raise words.invalid("closed_on", "撤销日期须晚于成立日期。")
    below = Ancestry.objects.filter(ancestor=organisation, depth=1).reaching(closed_on)
    if count := below.values("descendant").distinct().count():
        raise Conflict(f"其下还有{count}个党组织，请先划转或撤销。")
    guards.check("organisation.close", organisation, closed_on)


def _succession(old: Organisation, new: Organisation, kind: str, document_no: str) -> Succession:
    if kind not in SuccessionKind.values:
        raise words.invalid("succession", "请选择列表中的方式。")
    if old.closed_on is None or new.pk == old.pk or new.level != old.level or not new.stands_on(old.closed_on):
        raise words.invalid("successor", "接续的党组织须同级，且在撤销之日存在。")
    return Succession.objects.create(
        predecessor=old, successor=new, effective_on=old.closed_on, kind=kind, document_no=document_no
    )
