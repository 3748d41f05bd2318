"""The official order, and names that any system unpacks."""

from __future__ import annotations

import random

import pytest

from ledgers.calc.filing import Card, file_all, plain


def card(kind: str, code: str, name: str, street: str = "", revision: int = 1) -> Card:
    labels = {"ranking": "全区考评排名台账", "task_force": "专班月度考评台账", "street": "街道月度考评台账"}
    label = labels.get(kind, "社区月度考评台账")
    return Card(f"{kind}-{code}-2026-10-{revision}", kind, label, code, name, street, revision)


CARDS = [
    card("ranking", "411002", "全区"),
    card("notice", "411002", "全区"),
    card("task_force", "411002-zb1", "支部过硬专班"),
    card("task_force", "411002-zb2", "共建共享专班"),
    card("street", "411002001", "西大街道", "411002001"),
    card("community", "411002001001", "金地社区", "411002001"),
    card("community", "411002001006", "府后社区", "411002001", revision=2),
    card("street", "411002006", "五一路街道", "411002006"),
    card("community", "411002006006", "樊沟社区", "411002006"),
]


def test_ranking_notice_task_forces_then_each_street_with_its_communities() -> None:
    shuffled = random.Random(3).sample(CARDS, len(CARDS))
    assert [one.card for one in file_all(shuffled)] == CARDS


def test_paths_sort_in_that_order() -> None:
    paths = [one.path("pdf") for one in file_all(CARDS)]
    assert paths == sorted(paths)
    assert [paths[0], paths[2], paths[4], paths[6]] == [
        "01 全区/001 全区 全区考评排名台账.pdf",
        "02 专班/003 支部过硬专班 专班月度考评台账.pdf",
        "03 西大街道/005 西大街道 街道月度考评台账.pdf",
        "03 西大街道/007 府后社区 社区月度考评台账（第2版）.pdf",
    ]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', "a／b＼c：d＊e？f＂g＜h＞i｜j"),
        ("..", "未命名"),
        (" 社区. ", "社区"),
        ("社\x00区\n", "社区"),
        ("", "未命名"),
        ("长" * 200, "长" * 80),
    ],
)
def test_a_name_is_one_for_a_file(name: str, kept: str) -> None:
    assert plain(name) == kept
