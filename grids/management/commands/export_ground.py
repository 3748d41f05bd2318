from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from branches.choices import OrganisationKind, Right
from branches.models import Appointment
from branches.selectors.officers import officer_named
from core import clock
from core.errors import PortalError
from grids.exports.workbook import everything, export_registers


class Command(BaseCommand):
    help = "把底数登记簿写成一个 xlsx 文件，一张工作表一本；改好后可用 import_ground 导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as", dest="username", default="", metavar="USERNAME", help="谁看得到的（缺省为区创建办）"
        )
        parser.add_argument("--to", dest="target", type=Path, required=True, metavar="FILE", help="写到哪个文件")

    def handle(self, *args: Any, target: Path, username: str, **options: Any) -> None:
        try:
            actor = officer_named(username or _office_account(), Right.KEEP_GROUND)
            content = export_registers(actor.user, everything())
            target.write_bytes(content)
        except PortalError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"无法写入文件：{target}") from error
        self.stdout.write(f"已写出 {target}（{len(content) // 1024} KB）")


def _office_account() -> str:
    """Somebody of the creation office, who sees all of the district."""
    office = Appointment.objects.in_force(clock.today()).filter(
        position__organisation__kind=OrganisationKind.CREATION_OFFICE, person__user__is_active=True
    )
    return str(office.order_by("pk").values_list("person__user__username", flat=True).first() or "")
