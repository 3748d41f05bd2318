"""The inventory of docs/data-protection.md against the models: nothing personal is stored that it does not list."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from branches.models import Appointment, Person
from core.errors import Invalid
from core.fields import HundredthsField
from core.models import User
from scoring.choices import Axis, Outcome
from scoring.models import AssessmentItem, Report
from scoring.services.report import save_draft
from tests.architecture.ground import APPS
from tests.docs.blocks import DOCS, table
from tests.people import Town
from tests.scoring.month import item_of, on, open_month, points, report_all, review

PAGE = DOCS / "data-protection.md"

# Words that a field about a person has in its name.
PERSONAL = {
    *("name", "username", "nickname", "surname", "label", "password", "signature"),
    *("phone", "mobile", "tel", "telephone", "fax", "email", "mail", "wechat", "weixin", "qq", "contact"),
    *("idcard", "card", "identity", "passport", "licence", "plate"),
    *("address", "addr", "room", "door", "flat", "household", "resident", "residence", "ip"),
    *("birth", "birthday", "born", "age", "gender", "sex", "ethnic", "ethnicity", "nation", "family", "health"),
    *("photo", "picture", "portrait", "avatar", "face", "latitude", "longitude", "position"),
    *("user", "person", "people", "actor", "owner", "author", "agent", "session", "token"),
}
SENTENCES = {"note", "reason", "remark", "comment", "text", "message", "memo", "clause", "description", "opinion"}

# Names that are names of things.
THINGS = {
    "auth.Group.name",
    "auth.Permission.name",
    "branches.Alias.name",
    "branches.Placement.name",
    *(
        f"grids.{column}"
        for column in (
            "AcceptedException.check_name",
            "CentreState.name",
            "Committee.name",
            "CourtyardState.former_owner",
            "CourtyardState.name",
            "GridState.name",
            "IdleAsset.name",
            "Measure.name",
            "Milestone.name",
            "PartnerUnit.name",
            "Project.name",
            "PropertyCompany.name",
            "ServiceItem.name",
            "Team.name",
        )
    ),
    "ledgers.Bundle.name",
    "ledgers.Ledger.name",
    "contenttypes.ContentType.app_label",
    "core.Pulse.name",
    "core.SpecialDay.name",
    "scoring.Programme.name",
    "scoring.ProgrammeYear.label",
    "scoring.Rubric.label",
    "scoring.StarKind.name",
}

# Part played → why a row with points may point at her.
PARTS = {"recorded_by", "entered_by", "confirmed_by", "reviewer", "reported_by", "by", "second_by", "appointment"}


def stored_fields() -> Iterator[tuple[str, models.Field]]:
    """(app.Model.field, field) of every column of every table."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            yield f"{model._meta.label}.{field.name}", field


def words_of(label: str) -> set[str]:
    return set(re.split(r"[_.]", label.rpartition(".")[2].lower()))


def is_own(label: str) -> bool:
    return label.partition(".")[0] in APPS


def listed(heading: str) -> list[str]:
    return [cells[0].strip("`") for cells in table(PAGE, heading)]


def smelling(words: set[str]) -> set[str]:
    """Columns that hold a value of their own and have one of the words in their name."""
    return {
        label
        for label, field in stored_fields()
        if not (field.is_relation or field.choices or isinstance(field, models.AutoField)) and words & words_of(label)
    }


def test_every_field_about_a_person_is_listed() -> None:
    inventory = set(listed("Fields about a person"))
    found = {label for label in smelling(PERSONAL) - THINGS if not _is_flag(label)}
    assert sorted(found - inventory) == []
    assert sorted(inventory - {label for label, _ in stored_fields()}) == []


def _is_flag(label: str) -> bool:
    """A yes or no, a number or a date about something; what is watched here is text, JSON and numbers of accounts."""
    field = dict(stored_fields())[label]
    return isinstance(field, models.BooleanField | models.DateField | models.PositiveSmallIntegerField)


def test_names_of_things_are_still_there() -> None:
    assert sorted(THINGS - {label for label, _ in stored_fields()}) == []


def test_a_person_is_a_name_a_work_phone_and_an_account() -> None:
    assert [field.name for field in Person._meta.local_concrete_fields] == ["id", "user", "name", "work_phone"]


def test_every_relation_to_a_person_is_listed() -> None:
    people = (Person, User, Appointment)
    found = {label for label, field in stored_fields() if field.is_relation and field.related_model in people}
    assert sorted(listed("Who did what")) == sorted(found)


def test_every_sentence_people_write_is_listed() -> None:
    found = {label for label in smelling(SENTENCES) if is_own(label)}
    assert sorted(listed("Free text")) == sorted(found)


@pytest.mark.parametrize("smell", ["resident_name", "id_card", "home_address", "wechat", "birth_date", "owner_phone"])
def test_a_personal_field_would_be_noticed(smell: str) -> None:
    assert words_of(f"grids.Courtyard.{smell}") & PERSONAL


# -- points and persons


def models_with_points() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if any(isinstance(field, HundredthsField) for field in model._meta.local_concrete_fields)
    ]


def people_of(model: type[models.Model]) -> set[str]:
    people = (Person, User, Appointment)
    return {field.name for field in model._meta.local_concrete_fields if field.related_model in people}


def test_points_know_people_only_by_the_part_they_played() -> None:
    found = {model._meta.label: people_of(model) - PARTS for model in models_with_points()}
    assert Report._meta.label in found
    assert {label: names for label, names in found.items() if names} == {}


def test_results_know_no_person_at_all() -> None:
    results = [apps.get_model("scoring", name) for name in ("Rating", "Standing", "Assessment")]
    assert [people_of(model) for model in results] == [set(), set(), set()]


def test_no_table_with_points_is_unique_or_sorted_by_a_person() -> None:
    for model in models_with_points():
        people = people_of(model)
        constraints = [set(getattr(constraint, "fields", ())) for constraint in model._meta.constraints]
        assert [fields & people for fields in constraints if fields & people] == [], model
        assert [name for name in model._meta.ordering if str(name).lstrip("-").partition("__")[0] in people] == [], (
            model
        )


# -- private numbers

PRIVATE = ["联系人 13803741234", "身份证 41100219800101123X", "3号楼2单元501室反映"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", PRIVATE)
def test_a_draft_takes_no_private_number(town: Town, text: str) -> None:
    item = item_of(open_month(town), town.fuhou, 1)
    with on("2026-09", 28), pytest.raises(Invalid, match="不登记居民个人信息"):
        save_draft(actor=town.lin, item=item, entry=points("5.00", note=text))
    assert AssessmentItem.objects.get(pk=item.pk).draft is None


@pytest.mark.django_db
@pytest.mark.parametrize("text", PRIVATE)
def test_a_reason_takes_no_private_number(town: Town, text: str) -> None:
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou])
    item = item_of(period, town.fuhou, 1)
    with pytest.raises(Invalid, match="不登记居民个人信息"):
        review(town, item, Axis.STREET, Outcome.SET, "5.00", text)
    assert item.reviews.count() == 0
