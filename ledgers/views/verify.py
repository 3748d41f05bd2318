"""Checking a ledger without an account: by number, by the code on paper, by the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core.policy import policy
from ledgers.forms import VerifyForm
from ledgers.selectors.verification import Verdict, plain_code, verdict_of_code, verdict_of_file, verdict_of_number


@require_http_methods(["GET", "HEAD", "POST"])
@policy("public")
def verify(request: HttpRequest) -> HttpResponse:
    """A number or a file is answered with the result and the title; a code leads to what is printed."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    if not form.is_bound or not form.is_valid():
        return _page(request, form, None, status=422 if form.is_bound else 200)
    typed, upload = form.cleaned_data["typed"], form.cleaned_data["file"]
    if upload is not None:
        return _page(request, form, verdict_of_file(upload.read()))
    if form.is_number:
        return _page(request, form, verdict_of_number(typed))
    return redirect("ledgers:verify_code", code=plain_code(typed))


@require_GET
@policy("public")
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What is printed on the paper that carries this code."""
    verdict = verdict_of_code(code)
    context = {"verdict": verdict, "ledger": verdict.ledger, "body": verdict.ledger.data if verdict.ledger else None}
    return render(request, "ledgers/verify_code.html", context, status=200 if verdict.ledger else 404)


def _page(request: HttpRequest, form: VerifyForm, verdict: Verdict | None, *, status: int = 200) -> HttpResponse:
    return render(request, "ledgers/verify.html", {"form": form, "verdict": verdict}, status=status)
