from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from scoring.management.periods import add_period_argument, period_named, refusals_as_errors
from scoring.services.publication import publish_ranking


class Command(BaseCommand):
    help = "Publish the ranking of a closed month."

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)
        add_actor_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        period = period_named(options["period"], options["programme"])
        with refusals_as_errors():
            publication = publish_ranking(actor=officer_named(options["username"], Right.DIRECT), period=period)
        self.stdout.write(f"{publication}：摘要 {publication.sha256}")
