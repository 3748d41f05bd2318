from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from branches.choices import Right, Role
from branches.models import Organisation
from branches.selectors.officers import officer_named
from branches.services.account import IssuedAccount, issue_account
from branches.services.installation import DISTRICT, start_installation
from core import clock
from core.errors import Invalid, PortalError


class Command(BaseCommand):
    help = "开立账号并任职，打印一次性密码。空系统的第一个账号是安全管理员，不需要 --as。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--organisation", required=True, help="党组织代码，如 411002-cj")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--as", dest="actor", default="", help="以哪个账号的名义（安全管理员）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            issued = self.open(**options) if options["actor"] else self.start(**options)
        except PortalError as error:
            raise CommandError(error.message) from error
        self.stderr.write(f"账号 {issued.user.username} 已开立，首次登录须修改密码。一次性密码：")
        self.stdout.write(issued.password)

    def start(self, *, username: str, name: str, organisation: str, role: str, **options: Any) -> IssuedAccount:
        if (organisation, role) != (DISTRICT.code, Role.SECURITY_ADMIN):
            raise Invalid(
                f"第一个账号须为{DISTRICT.code}的安全管理员（security_admin）；其他账号请用 --as 指定办理人。"
            )
        return start_installation(username=username, name=name)

    def open(
        self, *, username: str, name: str, organisation: str, role: str, actor: str, **options: Any
    ) -> IssuedAccount:
        officer = officer_named(actor, Right.ADMINISTER_ACCOUNTS)
        found = Organisation.objects.filter(code=organisation).first()
        if found is None:
            raise Invalid(f"没有代码为“{organisation}”的党组织。")
        return issue_account(
            actor=officer, name=name, username=username, organisation=found, role=role, starts_on=clock.today()
        )[1]
