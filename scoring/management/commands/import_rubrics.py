from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from branches.choices import Right
from branches.management.acting import add_actor_argument
from branches.selectors.officers import officer_named
from scoring.imports import import_rubrics
from scoring.management.periods import month_of, programme_named
from scoring.management.rubrics import refusals_listed


class Command(BaseCommand):
    help = "Read a rubric file into draft editions: all of it, or every fault and nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--first-month", required=True, metavar="YYYY-MM", help="first month rated by it")
        parser.add_argument("--programme", default="", help="code; only needed when there are several")
        add_actor_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        programme, month = programme_named(options["programme"]), month_of(options["first_month"])
        text = _text_of(options["file"])
        with refusals_listed(self):
            actor = officer_named(options["username"], Right.DIRECT)
            drafts = import_rubrics(actor=actor, programme=programme, text=text, first_month=month)
        for draft in drafts:
            self.stdout.write(f"草稿 {draft.track} 第 {draft.number} 版：{draft.title}")
        if not drafts:
            self.stdout.write("内容与现有最新一版相同，没有新增。")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"不能读取文件 {path}，须为 UTF-8 文本。") from error
