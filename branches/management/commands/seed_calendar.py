from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from core.errors import PortalError
from core.services.calendar import seed_calendar


class Command(BaseCommand):
    help = "Fill in the holidays and exchanged days of a year from the list that ships; days already there stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        add_actor_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = officer_named(options["username"], Right.ADMINISTER_SYSTEM)
            added = seed_calendar(actor=actor, year=options["year"])
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{options['year']} 年补入 {added} 天。")
