import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scoring.management.periods import add_period_argument, period_named
from scoring.selectors.proof import violations


class Command(BaseCommand):
    help = "Prove the rules of a month on its stored rows; one line a violation, exit 1 if there is any."

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        period = period_named(options["period"], options["programme"])
        found = violations(period)
        for violation in found:
            self.stdout.write(str(violation))
        if found:
            sys.exit(1)
        self.stdout.write(f"{period}：未发现违反规则之处。")
