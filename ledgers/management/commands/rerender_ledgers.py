from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.services.outgoing import write_file
from ledgers.selectors.issuing import publication_in_force
from ledgers.services.rerender import Comparison, Redrawn, rerender
from scoring.management.periods import add_period_argument, period_named, refusals_as_errors


class Command(BaseCommand):
    help = "Draw a month again from what is stored; each ledger: same, same content by other tools, different."

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)
        parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="where the new PDFs go")

    def handle(self, *args: Any, **options: Any) -> None:
        answers: Counter[Redrawn] = Counter()
        with refusals_as_errors():
            publication = publication_in_force(period_named(options["period"], options["programme"]))
            for found in rerender(publication):
                answers[found.answer] += 1
                self._say(found)
                if found.content:
                    write_file(options["to"] / f"{found.ledger.number}.pdf", found.content)
        self.stdout.write(f"{publication}：" + "，".join(f"{one.label} {answers[one]} 册" for one in Redrawn) + "。")
        if answers[Redrawn.DIFFERENT] or not answers:
            raise CommandError("有台账与签发时不同。" if answers else "没有签发过的台账。")

    def _say(self, found: Comparison) -> None:
        why = f"（{found.why}）" if found.why else ""
        self.stdout.write(f"{found.ledger.number}：{found.answer.label}{why}")
