"""What is stored about me: the fields, the posts, and in which tables rows say that I acted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from branches.models import Appointment, Person
from core import clock
from core.models import User
from core.policy import policy

_PATHS: dict[type[Model], tuple[str, str]] = {
    Person: ("", "pk"),
    User: ("", "user_id"),
    Appointment: ("__person", "pk"),
}
_THIRD_PARTY = ("auth", "sessions", "axes", "contenttypes")


@dataclass(frozen=True, slots=True)
class Trace:
    """A column that points at people: the table and the part played, in words."""

    table: str
    part: str


@require_GET
@policy("login")
def about_me(request: HttpRequest) -> HttpResponse:
    """Nothing about her can be changed here; whoever keeps it is named."""
    person = Person.objects.filter(user=request.user).first()
    context: dict[str, Any] = {
        "person": person,
        "account": request.user,
        "posts": _posts(person) if person else [],
        "traces": traces_of(person) if person else [],
    }
    return render(request, "pages/about_me.html", context)


def traces_of(person: Person) -> list[Trace]:
    """Every table with a row that names this person, her account or an appointment of hers; one query, no counts."""
    columns = list(_columns())
    asked = {
        f"trace_{number}": Exists(model._default_manager.filter(**{f"{name}{path}": OuterRef(own)}))
        for number, (model, name, path, own) in enumerate(columns)
    }
    found: Any = Person.objects.filter(pk=person.pk).values(**asked).get()
    return [
        Trace(str(model._meta.verbose_name), str(model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        for number, (model, name, _path, _own) in enumerate(columns)
        if found[f"trace_{number}"]
    ]


def _columns() -> Any:
    """(model, field, path to the person, her column) of every relation to a person, an account or an appointment."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            related = field.related_model
            if related in _PATHS and model not in (Person, Appointment) and model._meta.app_label not in _THIRD_PARTY:
                yield model, field.name, *_PATHS[related]


def _posts(person: Person) -> list[Appointment]:
    rows = Appointment.objects.filter(person=person).select_related("position")
    return list(rows.with_organisation_name(clock.today()).order_by("starts_on", "pk"))
