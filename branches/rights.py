"""Which rights an appointment gives: one table, by the kind and level of the organisation and the role."""

from __future__ import annotations

from branches.choices import Level, OrganisationKind, Right, Role
from branches.models.organisation import Organisation

_LEADING = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CLERK)
_OFFICE = (Role.OFFICE_DIRECTOR, Role.OFFICE_OFFICER)
_TASK_FORCE = (Role.TASK_FORCE_LEADER, Role.TASK_FORCE_MEMBER)
_ADMINISTRATORS = {
    Role.SYSTEM_ADMIN: Right.ADMINISTER_SYSTEM,
    Role.SECURITY_ADMIN: Right.ADMINISTER_ACCOUNTS,
    Role.AUDIT_ADMIN: Right.READ_AUDIT,
}


def rights_of(organisation: Organisation, role: str) -> frozenset[Right]:
    """The rights of a holder of `role` at `organisation`; none for a pair not listed here."""
    return frozenset(_rights(organisation, role))


def _rights(organisation: Organisation, role: str) -> tuple[Right, ...]:
    if organisation.kind == OrganisationKind.CREATION_OFFICE and role in _OFFICE:
        return (Right.DIRECT, Right.KEEP_CHAIN, Right.KEEP_GROUND, Right.READ)
    if organisation.kind == OrganisationKind.TASK_FORCE and role in _TASK_FORCE:
        return (Right.REVIEW_THEME,)
    if organisation.level == Level.DISTRICT:
        return (_ADMINISTRATORS[Role(role)],) if role in _ADMINISTRATORS else _reader(role)
    if organisation.level == Level.STREET and role in _LEADING:
        return (Right.REPORT, Right.REVIEW_PLACE, Right.KEEP_GROUND, Right.READ)
    if organisation.level == Level.COMMUNITY and role in (*_LEADING, Role.FIRST_SECRETARY):
        return (Right.REPORT, Right.KEEP_GROUND, Right.READ)
    if organisation.level == Level.GRID and role in (*_LEADING, Role.FIRST_SECRETARY):
        return (Right.KEEP_GROUND, Right.READ)
    if organisation.kind != OrganisationKind.CHAIN and role != Role.READER:
        return ()
    return _reader(role)


def _reader(role: str) -> tuple[Right, ...]:
    return (Right.READ,) if role in (Role.READER, Role.SECRETARY, Role.FIRST_SECRETARY) else ()
