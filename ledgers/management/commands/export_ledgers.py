from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ledgers.selectors.issuing import publication_in_force
from ledgers.services.export import export_publication
from scoring.management.periods import add_period_argument, period_named, refusals_as_errors


class Command(BaseCommand):
    help = (
        "Write a month's ledgers into a folder: PDF, XLSX, index and manifest.json; what differs is never overwritten."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)
        parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="the folder; made when missing")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_as_errors():
            publication = publication_in_force(period_named(options["period"], options["programme"]))
            found = export_publication(publication, options["to"], self._tell)
        self.stdout.write(f"{publication}：台账 {found.ledgers} 册，写入 {found.written} 个文件，{found.kept} 个已在。")

    def _tell(self, done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            self.stdout.write(f"正在整理 {done} / {total}")
