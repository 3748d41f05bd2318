from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.services.files import is_intact
from ledgers.calc.limits import BY_COMMAND
from ledgers.models import Ledger, Rendering
from ledgers.selectors.verification import Result, faults_of, verdict_of_file


class Command(BaseCommand):
    help = "Compare kept ledgers with their publications and files, or say of given PDF files whether they are genuine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            metavar="FILE",
            help="PDFs, bound volumes or archives; none: all that is kept",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = self._files(options["files"]) if options["files"] else self._kept()
        if wrong:
            raise CommandError(f"{wrong} 件不属实。")

    def _files(self, names: list[str]) -> int:
        wrong = 0
        for name in names:
            try:
                verdict = verdict_of_file(Path(name).read_bytes(), BY_COMMAND)
            except OSError as error:
                raise CommandError(f"{name}：读不出来（{error.strerror}）。") from error
            self.stdout.write(f"{name}：{verdict.result.label}。{verdict.message}")
            for inside, part in verdict.parts:
                self.stdout.write(f"  {inside}：{part.result.label}。{part.message}")
            wrong += verdict.result != Result.GENUINE
        return wrong

    def _kept(self) -> int:
        wrong = ledgers = 0
        rows = Ledger.objects.select_related("publication__period", "organisation").order_by("publication", "number")
        for ledger in rows.iterator(chunk_size=50):
            faults = faults_of(ledger) + [fault for one in _renderings(ledger) for fault in _file_faults(one)]
            ledgers += 1
            if faults:
                wrong += 1
                self.stdout.write(f"{ledger.number}：{'；'.join(faults)}。")
        self.stdout.write(f"核对台账 {ledgers} 册，不属实 {wrong} 册。")
        return wrong


def _renderings(ledger: Ledger) -> list[Rendering]:
    return list(Rendering.objects.filter(ledger=ledger).select_related("file").order_by("pk"))


def _file_faults(rendering: Rendering) -> list[str]:
    return [] if is_intact(rendering.file) else ["保存的 PDF 不见了，或与其摘要不符"]
