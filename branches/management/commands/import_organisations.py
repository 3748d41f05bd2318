from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from branches.choices import Right
from branches.imports import Attributes, problems_error, read_attributes
from branches.selectors.officers import officer_named
from branches.services.listing import ListingPlan, import_listing, plan_listing
from core.errors import Invalid, PortalError

ATTRIBUTES = settings.BASE_DIR / "data" / "weidu-attributes.csv"


class Command(BaseCommand):
    help = "导入街道和社区名单（CSV：street_code,street,community_code,community），全部成功或全部不动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="以哪个账号的名义（区创建办）")
        parser.add_argument("--attributes", type=Path, default=ATTRIBUTES, help="类别、组织形式、别名（按代码）")
        parser.add_argument("--starts-on", type=date.fromisoformat, help="生效日期 YYYY-MM-DD")
        parser.add_argument("--document-no", default="", help="变更的文号；没有文号时，与现行登记不同即为问题")
        parser.add_argument("--preview", action="store_true", help="只检查，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = self.run(**options)
        except Invalid as error:
            lines = [line for lines in error.errors.values() for line in lines]
            raise CommandError("\n".join([error.message, *lines])) from error
        except PortalError as error:
            raise CommandError(error.message) from error
        if options["verbosity"]:
            self.stdout.write(("预检：" if options["preview"] else "已导入：") + plan.summary())

    def run(self, *, file: Path, username: str, attributes: Path, preview: bool, **options: Any) -> ListingPlan:
        actor = officer_named(username, Right.KEEP_CHAIN)
        content = _read(file)
        known: dict[str, Attributes] = read_attributes(_read(attributes))
        given = {"starts_on": options["starts_on"], "document_no": options["document_no"]}
        if not preview:
            return import_listing(actor=actor, content=content, source=file.name, attributes=known, **given)
        plan = plan_listing(content, attributes=known, **given)
        if plan.problems:
            raise problems_error(plan.problems)
        return plan


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"无法读取文件：{path}") from error
