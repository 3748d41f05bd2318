"""`manage.py check_ground`: what the ground is short of and what contradicts itself; exit 1 for contradictions."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from branches.choices import Level
from branches.models import Ancestry, Organisation
from core import clock
from grids.selectors.checks import CHECKS, findings


class Command(BaseCommand):
    help = "核查底数：列出不足和自相矛盾之处；有矛盾的登记时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, default=None, help="核查哪一天的底数，默认今天")
        parser.add_argument("--under", default="", help="只核查这一党组织（代码）之下的社区")
        parser.add_argument("--all", action="store_true", help="逐条列出全部结果，不只列矛盾的")
        parser.add_argument("--accepted", action="store_true", help="也列出已认可的例外")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["day"] or clock.today()
        found = findings(day, communities_under(options["under"], day))
        shown = [one for one in found if options["accepted"] or one.exception is None]
        counts = Counter(one.check.name for one in shown)
        for check in CHECKS:
            self.stdout.write(f"{check.title}：{counts[check.name]}")
        for one in shown:
            if options["all"] or not one.check.can_be_accepted:
                accepted = f"（已认可：{one.exception.reason}）" if one.exception else ""
                self.stdout.write(f"  {one.check.title} {one.subject} {one.name} {one.text}{accepted}".rstrip())
        contradictions = sum(not one.check.can_be_accepted for one in found)
        if contradictions:
            raise CommandError(f"有 {contradictions} 处登记自相矛盾，须改正。", returncode=1)


def communities_under(code: str, day: date) -> list[int] | None:
    """Ids of the communities under an organisation on a day; None for all."""
    if not code:
        return None
    top = Organisation.objects.filter(code=code).first()
    if top is None:
        raise CommandError(f"没有代码为 {code} 的党组织。", returncode=2)
    below = Ancestry.objects.in_force(day).filter(ancestor=top, descendant__level=Level.COMMUNITY)
    return list(below.values_list("descendant", flat=True))
