"""Frozen examples: if one of these digests changes, every stored digest of the portal is void."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from core.canonical import canonical_bytes, canonical_text, digest, fixed, text_digest

EXAMPLES = [
    (
        {"schema": 1},
        '{"schema":1}',
        "67d6291b301412df4a6ca7808aeafac9d0587b06ece3c68e72bab0157cd9d52c",
    ),
    (
        {"schema": 1, "b": Decimal("3.5"), "a": [None, True, 0, "府后"], "on": date(2026, 10, 1)},
        '{"a":[null,true,0,"府后"],"b":"3.50","on":"2026-10-01","schema":1}',
        "9eb476912f568662bf8e7fc2f6315d4b42016df320106589f6840168fbc213a1",
    ),
    (
        {
            "schema": 2,
            "at": datetime(2026, 10, 31, 19, 3, tzinfo=timezone(timedelta(hours=8))),
            "e\u0301": {"z": 1, "y": ()},
        },
        '{"at":"2026-10-31T11:03:00.000000Z","schema":2,"é":{"y":[],"z":1}}',
        "a11c255724949fc40c571a5f424a218911bfc6a95155eba71ea79ba33e9c6c22",
    ),
]


@pytest.mark.parametrize(("content", "text", "sha256"), EXAMPLES)
def test_frozen_examples(content, text, sha256):
    assert canonical_text(content) == text
    assert digest(content) == sha256 == text_digest(text)


def test_order_of_keys_and_form_of_letters_do_not_matter():
    assert canonical_bytes({"schema": 1, "a": "e\u0301", "b": 1}) == canonical_bytes({"b": 1, "a": "é", "schema": 1})


@pytest.mark.parametrize("bad", [1.5, {1, 2}, b"x", object(), {1: "x"}, [float("nan")]])
def test_what_has_no_canonical_form_is_refused(bad):
    with pytest.raises(TypeError):
        canonical_text({"schema": 1, "value": bad})


@pytest.mark.parametrize("content", [{}, {"schema": "1"}, {"schema": None}])
def test_content_names_its_schema(content):
    with pytest.raises(ValueError, match="schema"):
        canonical_text(content)


def test_fixed_never_rounds():
    assert [fixed(Decimal(value)) for value in ("0", "3.5", "3.50", "-1.25", "1E+2")] == [
        "0.00",
        "3.50",
        "3.50",
        "-1.25",
        "100.00",
    ]
    with pytest.raises(ValueError, match="two places"):
        fixed(Decimal("3.505"))


def test_times_are_utc_whatever_the_zone():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert canonical_text({"schema": 1, "at": moment}) == canonical_text(
        {"schema": 1, "at": moment.astimezone(timezone(timedelta(hours=8)))}
    )
