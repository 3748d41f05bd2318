"""退回用语: the ready-made reasons that reviewers are offered, kept by the creation office."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.errors import PortalError
from core.policy import policy
from scoring.forms.return_phrases import PhraseForm
from scoring.models import Programme, ReturnPhrase
from scoring.permissions import can_keep_phrases
from scoring.selectors.return_phrases import all_phrases
from scoring.services.return_phrases import add_phrase, change_phrase, retire_phrase
from scoring.views.asked import acting_officer


@require_http_methods(["GET", "POST"])
@policy("can_keep_phrases")
def phrases(request: HttpRequest) -> HttpResponse:
    """All phrases, and the form of a new one."""
    officer = acting_officer(request)
    can_keep_phrases(officer).require()
    programme = _programme()
    form = PhraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_phrase(actor=officer, programme=programme, **form.cleaned_data)
        except PortalError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已新增退回用语。")
            return redirect("scoring:return_phrases")
    context = {"rows": all_phrases(programme), "form": form}
    return render(request, "scoring/return_phrases.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@policy("can_keep_phrases")
def phrase(request: HttpRequest, pk: int) -> HttpResponse:
    """One phrase: change it, retire it, take it back into use."""
    officer = acting_officer(request)
    can_keep_phrases(officer).require()
    found = get_object_or_404(ReturnPhrase.objects.select_related("star_kind"), pk=pk)
    if request.POST.get("act") in ("retire", "restore"):
        kept = retire_phrase(actor=officer, phrase=found, is_active=request.POST["act"] == "restore")
        messages.success(request, "已恢复使用。" if kept.is_active else "已停用，以前写过的理由不变。")
        return redirect("scoring:return_phrases")
    initial = {"text": found.text, "star_kind": found.star_kind, "order": str(found.order)}
    form = PhraseForm(request.POST) if request.method == "POST" else PhraseForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_phrase(actor=officer, phrase=found, **form.cleaned_data)
        except PortalError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已修改，以前写过的理由不变。")
            return redirect("scoring:return_phrases")
    trail = [("评星标准", reverse("scoring:rubrics")), ("退回用语", reverse("scoring:return_phrases")), ("修改", "")]
    context = {"phrase": found, "form": form, "trail": trail}
    return render(request, "scoring/return_phrase.html", context, status=422 if form.errors else 200)


def _programme() -> Programme:
    """The first real programme."""
    found = Programme.objects.order_by("is_practice", "pk").first()
    if found is None:
        raise Http404("还没有考评项目。")
    return found
