"""What the API answers when there is nothing to answer: the same words as the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import exception_handler


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Django's English “No … matches the given query” names a model; outside the scope reads like not existing."""
    if isinstance(error, Http404):
        error = NotFound("没有这条记录，或者不在您的查看范围内。")
    return exception_handler(error, context)
