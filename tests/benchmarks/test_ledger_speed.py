"""Ratios of foundations: one warm ledger against a naive style sheet, unchanged."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from core import pdf
from core.canonical import digest
from core.pdf import renderer
from ledgers.calc.bodies import community_body
from ledgers.services import drawing
from ledgers.services.issue import issue_and_draw
from scoring.models import Publication
from tests.ledgers import content as sample
from tests.ledgers.conftest import no_progress
from tests.people import Town
from tests.scoring.month import play_month

pytestmark = pytest.mark.benchmark

ROUNDS = 5
NONE = {"none": "无，上月没有公布考评。"}
# The same page written without thinking of the engine: flex, collapsed borders, automatic columns, long selectors.
NAIVE = """
@page { size: A4 landscape; margin: 28mm 37mm 26mm 35mm;
  @top-left { content: string(head) } @bottom-center { content: string(foot) }
  @bottom-right { content: counter(page) } }
html body { font-family: 仿宋_GB2312; font-size: 9pt; line-height: 1.35 }
html body { string-set: head attr(data-head), foot attr(data-foot) }
body > p.tall { display: flex; justify-content: space-between; flex-wrap: wrap; gap: 4mm }
body h1 { font-size: 22pt; text-align: center }
body table { width: 100%; border-collapse: collapse; table-layout: auto; margin: 3mm 0 }
body table thead tr th, body table tbody tr td { border: .5pt solid #000; padding: .7mm 1mm; vertical-align: middle }
body table tbody tr:nth-child(even) td { background: #fafafa }
body table tbody tr td:first-child, body table thead tr th:first-child { text-align: center }
body table tbody tr td:not(:last-child) { border-right: .5pt solid #000 }
body h2, body table tbody tr td b, body table tbody tr td.f, body table thead tr th { font-family: 黑体 }
body table tbody tr td svg.bar { width: 30mm; height: 3mm }
body div.check svg.qr { width: 16mm; height: 16mm }
body table tbody tr { page-break-inside: avoid }
"""


def body_of(number: int = 0) -> dict[str, Any]:
    body = community_body(sample.publication_content(), sample.FUHOU, NONE)
    return {**body, "number": f"community-{number}"}


def seconds(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def worked() -> float:
    """Seconds of processor time that the drawing processes have used: what others do on the machine does not count."""
    assert renderer._current is not None
    fields = [
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        for pid in renderer._current.executor._processes
    ]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def work(act: Callable[[], Any]) -> float:
    before = worked()
    act()
    return worked() - before


def in_turns(*acts: Callable[[], Any]) -> list[float]:
    """Medians of processor time, each act in each round."""
    for act in acts * 2:
        act()
    rounds = [[work(act) for act in acts] for _ in range(ROUNDS)]
    return [median(column) for column in zip(*rounds, strict=True)]


def test_a_warm_ledger_costs_less_than_a_naive_template() -> None:
    body = body_of()
    html = drawing.document_html(body, drawing.Stamp(digest(body), "0" * 16))
    lean, naive = in_turns(
        lambda: pdf.render(html, css=drawing.style()),
        lambda: pdf.render(html, css=NAIVE),
    )
    print(f"\nwarm single {lean * 1000:.0f} ms of work, naive {naive * 1000:.0f} ms, ratio {lean / naive:.2f}")
    assert lean <= 0.8 * naive


@pytest.mark.django_db
def test_an_unchanged_month_is_not_drawn(town: Town) -> None:
    publication: Publication = play_month(town, "2026-09")

    def issue() -> None:
        issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)

    first = seconds(issue)
    again = median(seconds(issue) for _ in range(ROUNDS))
    print(f"\nfirst {first * 1000:.0f} ms, unchanged {again * 1000:.1f} ms, ratio {again / first:.3f}")
    assert again <= 0.05 * first
