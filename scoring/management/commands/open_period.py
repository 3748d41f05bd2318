from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from scoring.management.periods import add_period_argument, month_of, programme_named, refusals_as_errors
from scoring.services.period import open_period


class Command(BaseCommand):
    help = "Open a month: freeze the chain, prefill the states."

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)
        add_actor_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        programme = programme_named(options["programme"])
        with refusals_as_errors():
            period = open_period(
                actor=officer_named(options["username"], Right.DIRECT),
                programme=programme,
                month=month_of(options["period"]),
            )
        self.stdout.write(f"{period} 已开启，{period.assessments.count()} 个考评对象。")
