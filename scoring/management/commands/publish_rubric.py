from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from branches.choices import Right, Track
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from scoring.management.periods import programme_named
from scoring.management.rubrics import refusals_listed
from scoring.models import Rubric
from scoring.services.rubric import publish_rubric


class Command(BaseCommand):
    help = "Publish a draft edition: freeze its content from its first month on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--track", required=True, choices=Track.values)
        parser.add_argument("--number", required=True, type=int, help="number of the edition")
        parser.add_argument("--programme", default="", help="code; only needed when there are several")
        add_actor_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        editions = Rubric.objects.filter(programme=programme_named(options["programme"]))
        draft = editions.filter(track=options["track"], number=options["number"]).first()
        if draft is None:
            raise CommandError("没有这一版细则。")
        with refusals_listed(self):
            rubric = publish_rubric(actor=officer_named(options["username"], Right.DIRECT), rubric=draft)
        self.stdout.write(f"{rubric} 已发布，摘要 {rubric.sha256}")
