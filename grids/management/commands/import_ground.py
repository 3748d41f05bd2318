from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from core.errors import Invalid, PortalError
from core.sheets.reading import read_workbook
from grids.imports.workbook import MOST_SHOWN, WorkbookPlan, apply_workbook, preview_workbook


class Command(BaseCommand):
    help = "从 xlsx 导入网格、庭院、阵地、岗位配备和登记簿：先预检，加 --apply 才写入，全部成功或全部不动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        add_actor_argument(parser)
        parser.add_argument("--apply", action="store_true", help="写入；不加只预检")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = self.run(**options)
        except PortalError as error:
            found = error.errors.get("file", []) if isinstance(error, Invalid) else []
            raise CommandError("\n".join(dict.fromkeys([error.message, *found]))) from error
        for sheet in plan.sheets:
            counts = sheet.counts
            said = f"新 {counts['new']}，改 {counts['changed']}，不变 {counts['same']}"
            self.stdout.write(f"{'已写入' if options['apply'] else '预检'} {sheet.name}：{said}")

    def run(self, *, file: Path, username: str, apply: bool, **options: Any) -> WorkbookPlan:
        actor = officer_named(username, Right.KEEP_GROUND)
        try:
            sheets = read_workbook(ContentFile(file.read_bytes()))
        except OSError as error:
            raise Invalid(f"无法读取文件：{file}") from error
        if apply:
            return apply_workbook(actor, sheets, file.name)
        plan = preview_workbook(actor, sheets)
        if plan.faults:
            raise Invalid(f"有 {len(plan.faults)} 处问题，写入时会全部拒绝。", {"file": plan.faults[:MOST_SHOWN]})
        return plan
