from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from core.errors import PortalError
from grids.services.statistics import seed_figures


class Command(BaseCommand):
    help = (
        "Fill in the district figures reported 2021 to 2025, each with its definition and source; what is there stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_actor_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = seed_figures(actor=officer_named(options["username"], Right.DIRECT))
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"补入 {added} 个数字。")
