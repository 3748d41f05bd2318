from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from ledgers.models import LedgerKind
from ledgers.selectors.issuing import publication_in_force, targets_of
from ledgers.services.issue import issue_and_draw, issue_ledgers
from scoring.management.periods import add_period_argument, period_named, refusals_as_errors
from scoring.models import Publication


class Command(BaseCommand):
    help = "Issue and draw the ledgers of a published month; what is there and unchanged is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        add_period_argument(parser)
        add_actor_argument(parser)
        parser.add_argument("--kind", default="", choices=["", *LedgerKind.values], help="only ledgers of this kind")
        parser.add_argument("--organisation", default="", metavar="CODE", help="only the ledger of this organisation")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--enqueue", action="store_true", help="hand it to the worker instead of doing it here")
        how.add_argument("--wait", action="store_true", help="do it here and wait for the end (the default)")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_as_errors():
            publication = publication_in_force(period_named(options["period"], options["programme"]))
            if options["enqueue"]:
                self._enqueue(publication, options)
            else:
                self._issue(publication, options)

    def _enqueue(self, publication: Publication, options: dict[str, Any]) -> None:
        code = options["organisation"]
        organisation = targets_of(publication, options["kind"], code)[0][1] if code else None
        actor = officer_named(options["username"], Right.DIRECT)
        batch = issue_ledgers(actor=actor, publication=publication, kind=options["kind"], organisation=organisation)
        self.stdout.write(f"已排队，批次编号 {batch.pk}。")

    def _issue(self, publication: Publication, options: dict[str, Any]) -> None:
        outcome = issue_and_draw(
            actor=officer_named(options["username"], Right.DIRECT),
            publication=publication,
            progress=self._progress,
            kind=options["kind"],
            organisation=options["organisation"],
        )
        self.stdout.write(f"{publication}：{outcome}")
        outcome.raise_failures()

    def _progress(self, done: int, total: int, message: str) -> None:
        if done % 10 == 0 or done == total:
            self.stdout.write(f"{message} {done} / {total}")
