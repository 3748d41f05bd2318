"""`{% load suggestions %}`: `{% offered "documents" %}` is the list for fields with list="documents",
`{% linked "documents" text %}` a text that leads to its page where the reader sees one."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.suggestions import Suggestion
from core.suggestions import offered as offered_to

register = template.Library()


@register.simple_tag(takes_context=True)
def offered(context: RequestContext, name: str) -> SafeString:
    """A datalist, once a page; nothing where nothing is offered."""
    found = _known(context, name).values()
    if not found:
        return SafeString("")
    options = format_html_join("", '<option value="{}">{}</option>', ((one.text, one.label) for one in found))
    return format_html('<datalist id="{}">{}</datalist>', name, options)


@register.simple_tag(takes_context=True)
def linked(context: RequestContext, name: str, text: Any) -> str:
    """The text, as a link to the page about it."""
    known = _known(context, name).get(str(text)) if text else None
    return format_html('<a href="{}" title="{}">{}</a>', known.address, known.label, known.text) if known else str(text)


def _known(context: RequestContext, name: str) -> dict[str, Suggestion]:
    """By text; asked once a request."""
    request: Any = context.get("request")
    if request is None:
        return {}
    lists: dict[str, dict[str, Suggestion]] = request.__dict__.setdefault("suggestion_lists", {})
    if name not in lists:
        lists[name] = {one.text: one for one in offered_to(name, request.user)}
    return lists[name]
