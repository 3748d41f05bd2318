"""What everybody does with her own account: leave, change the password, be told that it is locked for a while."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.actor import Actor
from core.policy import policy
from core.services.password import change_password


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """The answer to a log-in after too many wrong passwords: when to try again, nothing about the account."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    message = f"密码输错次数太多，这个账号暂停登录 {minutes} 分钟。请稍后再试，或请安全管理员重设密码。"
    context = {"heading": "暂停登录", "message": message, "back_url": settings.LOGIN_URL}
    return render(request, "core/refused.html", context, status=429)


@policy("public")
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


class OwnPasswordForm(PasswordChangeForm):
    """Django's form with its rules in one sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = "至少 10 个字符，不能全是数字，不能太常见，也不要与账号相近。"
        self.fields["new_password2"].help_text = ""
        self.fields["new_password2"].label = "再输一次新密码"


@sensitive_post_parameters()
@policy("login")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = OwnPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        change_password(actor=_actor(request), user=request.user, password=form.cleaned_data["new_password1"])  # type: ignore[arg-type]
        update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
        messages.success(request, "密码已修改。")
        return redirect("/")
    return render(request, "core/password.html", {"form": form}, status=422 if form.is_bound else 200)


def _actor(request: HttpRequest) -> Actor:
    return getattr(request, "officer", None) or Actor(user_id=request.user.pk, label=request.user.get_username())
