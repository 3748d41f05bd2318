"""The fonts that print: which face is in force for each name of the standard, and a page that shows them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core.actor import actor_of
from core.errors import Conflict
from core.jobs import DRAW_SAMPLE, request_sample
from core.models import Job
from core.pdf.faces import faces_in_force, font_files
from core.pdf.sample import sample_path
from core.permissions import can_see_fonts
from core.policy import policy


@require_GET
@policy("can_see_fonts")
def fonts(request: HttpRequest) -> HttpResponse:
    """The faces in force, every file, and the sample."""
    can_see_fonts(request.user).require()
    context = {
        "faces": faces_in_force(),
        "files": font_files(),
        "folder": settings.FONT_DIR,
        "has_sample": sample_path().exists(),
        "job": Job.objects.filter(kind=DRAW_SAMPLE).first(),
    }
    return render(request, "core/fonts.html", context)


@require_POST
@policy("can_see_fonts")
def draw_font_sample(request: HttpRequest) -> HttpResponse:
    """Have the sample drawn in the background."""
    can_see_fonts(request.user).require()
    request_sample(actor=actor_of(request))
    return redirect("core:fonts")


@require_GET
@policy("can_see_fonts")
def font_sample(request: HttpRequest) -> HttpResponse:
    """The drawn sample as a download."""
    can_see_fonts(request.user).require()
    path = sample_path()
    if not path.exists():
        raise Conflict("字体样张尚未绘制，请先在“打印字体”页绘制。")
    headers = {"Content-Disposition": 'attachment; filename="fonts.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(path.read_bytes(), content_type="application/pdf", headers=headers)
