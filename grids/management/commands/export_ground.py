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
from grids.exports.workbook import everything, everything_afresh, export_parts


class Command(BaseCommand):
    help = "把网格、庭院、阵地、岗位配备和登记簿写成一个 xlsx 文件；改好后可用 import_ground 导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as", dest="username", default="", metavar="USERNAME", help="谁看得到的（缺省为区创建办）"
        )
        parser.add_argument("--afresh", action="store_true", help="供空的系统导入：不带编号和版本，场所带历次登记")
        parser.add_argument("--to", dest="target", type=Path, required=True, metavar="FILE", help="写到哪个文件")

    def handle(self, *args: Any, target: Path, username: str, afresh: bool = False, **options: Any) -> None:
        try:
            actor = officer_named(username or _office_account(), Right.KEEP_GROUND)
            parts, left_behind = everything_afresh(actor.user) if afresh else (everything(actor.user), 0)
            content = export_parts(parts, in_pieces=True)
            target.write_bytes(content)
        except PortalError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"无法写入文件：{target}") from error
        self.stdout.write(f"已写出 {target}（{len(content) // 1024} KB）")
        if left_behind:
            self.stdout.write(f"有 {left_behind} 行指向已撤销的网格或庭院，没有写出。")


def _office_account() -> str:
    """Somebody of the creation office, who sees all of the district."""
    office = Appointment.objects.in_force(clock.today()).filter(
        position__organisation__kind=OrganisationKind.CREATION_OFFICE, person__user__is_active=True
    )
    return str(office.order_by("pk").values_list("person__user__username", flat=True).first() or "")
