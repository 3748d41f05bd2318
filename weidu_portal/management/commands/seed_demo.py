import re
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from branches.models import Organisation
from core import clock
from core.models import User
from scoring.calc.windows import month_before
from weidu_portal.demo.cast import PASSWORD
from weidu_portal.demo.seed import Wish, seed_demo


class Command(BaseCommand):
    help = "Fill an empty embedded portal with Weidu's real chain and sample months (示例，待区委组织部确认)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--months", type=int, default=6, help="published months (1 to 24)")
        parser.add_argument("--until", default="", metavar="YYYY-MM", help="last published month")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same sample")

    def handle(self, *args: Any, **options: Any) -> None:
        wish = Wish(months=_months(options["months"]), until=_until(options["until"]), seed=options["seed"])
        if settings.PORTAL_MODE != "embedded":
            raise CommandError("示例数据只能写入 embedded 模式的试用库。")
        if User.objects.exists() or Organisation.objects.exists():
            raise CommandError("库中已有数据，示例只写入空库；换一个 DATA_DIR 可另建一份。")
        with transaction.atomic():
            seed_demo(wish, self._say)
        self._say("示例账号：office、taskforce-1 … -5、street-001、community-001006（府后）、viewer 等")
        self._say(f"示例账号密码：{PASSWORD}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _months(count: int) -> int:
    if not 1 <= count <= 24:
        raise CommandError("--months 须在 1 到 24 之间。")
    return count


def _until(text: str) -> date:
    last_full = month_before(clock.today().replace(day=1))
    if not text:
        return last_full
    if not re.fullmatch(r"20\d{2}-(0[1-9]|1[0-2])", text):
        raise CommandError(f"--until 须写成 2026-10 的样式，不能写 {text}。")
    until = date(int(text[:4]), int(text[5:]), 1)
    if until > last_full:
        raise CommandError(f"--until 最晚为上一个整月 {last_full:%Y-%m}。")
    return until
