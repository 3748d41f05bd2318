from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from scoring.management.periods import add_period_argument, period_named, refusals_as_errors
from scoring.selectors.checklist import closing_counts
from scoring.services.period import close_period


class Command(BaseCommand):
    help = "Close a month: nothing can be entered or reviewed afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)
        add_actor_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        period = period_named(options["period"], options["programme"])
        with refusals_as_errors():
            period = close_period(actor=officer_named(options["username"], Right.DIRECT), period=period)
        counts = closing_counts(period)
        self.stdout.write(
            f"{period} 已关闭：未报 {counts.not_reported}，待街道 {counts.at_street}，"
            f"待专班 {counts.at_task_force}，已认定 {counts.settled}，共 {counts.total} 项。"
        )
