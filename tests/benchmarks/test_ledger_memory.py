"""A drawing process stays small and does not grow: at most 120 MiB, flat from the first documents to the last.

`BENCHMARK_DOCUMENTS=1000` draws a thousand; a few otherwise.
"""

from __future__ import annotations

import os
from pathlib import Path
from statistics import mean

import pytest

from core.canonical import digest
from core.pdf import renderer
from ledgers.calc.bodies import community_body
from ledgers.services import drawing
from tests.ledgers import content as sample

pytestmark = pytest.mark.benchmark

DOCUMENTS = int(os.environ.get("BENCHMARK_DOCUMENTS", "60"))
MOST = 120.0
NONE = {"none": "无，上月没有公布考评。"}


def held(pid: int, key: str) -> float:
    """MiB a process holds now: `Rss` with all it shares, `Pss` with its part of what it shares with its siblings."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{key}:"))


def largest(key: str) -> float:
    assert renderer._current is not None
    return max(held(pid, key) for pid in renderer._current.executor._processes)


def test_a_drawing_process_stays_small_and_flat() -> None:
    renderer.shut_down()
    body = community_body(sample.publication_content(), sample.FUHOU, NONE)
    stamp = drawing.Stamp(digest(body), "0" * 16)
    sizes, whole = [], 0.0
    for _, result in drawing.draw_many((number, body, stamp) for number in range(DOCUMENTS)):
        assert isinstance(result, bytes)
        sizes.append(largest("Pss"))
        whole = max(whole, largest("Rss"))
    tenth = max(DOCUMENTS // 10, 1)
    early, late = mean(sizes[tenth : 2 * tenth]), mean(sizes[-tenth:])
    print(
        f"\n{DOCUMENTS} documents: largest {max(sizes):.0f} MiB ({whole:.0f} with all that is shared), "
        f"second tenth {early:.1f}, last tenth {late:.1f} MiB"
    )
    assert max(sizes) <= MOST
    assert late <= early * 1.1
