from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from scoring.management.periods import add_period_argument, month_of, programme_named, refusals_as_errors
from weidu_portal.demo.practice import counts_of, play_month


class Command(BaseCommand):
    help = "Play a whole month with plausible actors, to its publication: embedded mode or a practice programme only."

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)
        add_actor_argument(parser)
        parser.add_argument("--seed", type=int, default=1, help="same seed on the same data, same month")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_as_errors():
            publication = play_month(
                actor=officer_named(options["username"], Right.DIRECT),
                programme=programme_named(options["programme"]),
                month=month_of(options["period"]),
                seed=options["seed"],
            )
        for name, count in counts_of(publication).items():
            self.stdout.write(f"{name} {count}")
        self.stdout.write(f"{publication}：摘要 {publication.sha256}")
