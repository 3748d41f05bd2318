"""Every route says who may reach it. An undeclared route fails a test and answers 500 nowhere: it is refused.

`public` (no log-in), `login` (any signed-in account), or a named policy: the name of the `can_…` or
`visible_to` rule the view applies to the object it fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]

# Routes of libraries, by view name: they cannot carry the decorator.
THIRD_PARTY: dict[str, str] = {
    "schema": "login",
    "docs": "login",
}


def policy(rule: str) -> Callable[[View], View]:
    """Declare the rule of a view; all but `public` need a signed-in account, else the log-in page (401 for htmx)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if rule != "public" and not request.user.is_authenticated:
                if getattr(request, "htmx", False):
                    return HttpResponse("登录已过期，请重新登录。", status=401)
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            return view(request, *args, **kwargs)

        guarded.policy = rule  # type: ignore[attr-defined]
        return guarded

    return decorate
