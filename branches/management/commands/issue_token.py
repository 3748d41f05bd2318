from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from branches.services.account import issue_token
from core.actor import SYSTEM
from core.errors import PortalError
from core.models import User


class Command(BaseCommand):
    help = "为账号签发接口令牌，只在标准输出显示一次（Authorization: Token …）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"没有账号“{options['username']}”。")
        try:
            self.stdout.write(issue_token(actor=SYSTEM, user=user))
        except PortalError as error:
            raise CommandError(error.message) from error
