import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scoring.management.periods import add_period_argument, period_named
from scoring.selectors.ratings import differences
from scoring.services.rating import recompute_period


class Command(BaseCommand):
    help = "Recompute a month's live ratings; with --check only say where stored and recomputed differ."

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on any difference")

    def handle(self, *args: Any, **options: Any) -> None:
        period = period_named(options["period"], options["programme"])
        if options["check"]:
            self._check(differences(period))
        else:
            self.stdout.write(f"{period}：重算完成，更新 {recompute_period(period)} 条评星结果。")

    def _check(self, lines: list[str]) -> None:
        for line in lines:
            self.stdout.write(line)
        if lines:
            sys.exit(1)
        self.stdout.write("存储与重算一致。")
