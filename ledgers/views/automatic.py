"""Whether ledgers are issued by themselves after publishing: read and switched by the office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.acting import acting_officer
from core.errors import Invalid
from core.policy import policy
from ledgers.forms import AutomaticForm
from ledgers.permissions import can_issue
from ledgers.selectors.automatic import automatic_settings, year_named
from ledgers.services.automatic import switch_automatic


@require_http_methods(["GET", "HEAD", "POST"])
@policy("can_issue")
def automatic(request: HttpRequest) -> HttpResponse:
    """The years of the real programme with their switch."""
    officer = acting_officer(request)
    can_issue(officer).require()
    if request.method == "POST":
        return _switch(request, officer)
    trail = [("台账", reverse("ledgers:ledgers")), ("自动签发", "")]
    return render(request, "ledgers/automatic.html", {"years": automatic_settings(), "trail": trail})


def _switch(request: HttpRequest, officer: object) -> HttpResponse:
    form = AutomaticForm(request.POST)
    if not form.is_valid():
        raise Invalid("不能设定自动签发。", form.errors)
    is_on = form.cleaned_data["to"] == "on"
    switch_automatic(actor=officer, year=year_named(form.cleaned_data["year"]), is_on=is_on)
    messages.success(request, "已开启自动签发。" if is_on else "已关闭自动签发。")
    return redirect("ledgers:automatic")
