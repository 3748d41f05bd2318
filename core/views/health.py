"""What a supervisor asks: does the process live, can the portal work."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from core.policy import policy
from core.selectors.health import readiness

log = logging.getLogger(__name__)


@require_safe
@policy("public")
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@policy("public")
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything is well, else 503 and what is not; why stands in the log, for anybody may ask here."""
    checks = readiness()
    failed = [check for check in checks if not check.is_well]
    for check in failed:
        log.warning("not ready: %s: %s", check.name, check.detail)
    content = {"ready": not failed, "checks": {check.name: "ok" if check.is_well else "failed" for check in checks}}
    return JsonResponse(content, status=503 if failed else 200)
