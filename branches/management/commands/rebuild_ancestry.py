from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from branches.services.ancestry import rebuild_ancestry


class Command(BaseCommand):
    help = "按隶属记录重建上下级关系；--check 只核对，有出入时以 1 退出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        change = rebuild_ancestry(dry_run=options["check"])
        words = (
            f"应增{change.added}行，应删{change.removed}行"
            if options["check"]
            else f"增{change.added}行，删{change.removed}行"
        )
        if options["check"] and change:
            raise CommandError(f"上下级关系与隶属记录不符：{words}。")
        self.stdout.write(f"上下级关系：{words}。")
