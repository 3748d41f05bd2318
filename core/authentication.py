"""Tokens of the API: knox, and a header that is no token is refused instead of failing."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

_TOKEN = re.compile(rb"[0-9A-Za-z]{1,200}")


class Tokens(TokenAuthentication):
    """`Authorization: Token …`; only a digest of the token is stored."""

    def authenticate_credentials(self, token: bytes) -> Any:
        if _TOKEN.fullmatch(token) is None:
            raise AuthenticationFailed(_("Invalid token."))
        user, found = super().authenticate_credentials(token)
        if user.must_change_password:
            raise AuthenticationFailed("请先登录并修改密码，再使用接口。")
        return user, found
