"""Every refusal of the month says who may do it instead, or who can lift it."""

from __future__ import annotations

import ast

from tests.architecture.ground import ROOT

WHO = ("区创建办", "街道", "专班", "社区", "直接修改", "不用撤销", "两人")


def reasons() -> list[str]:
    """The texts of all permits of `scoring.permissions`."""
    tree = ast.parse((ROOT / "scoring/permissions.py").read_text("utf-8"))
    calls = (
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refused"
    )
    return [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]


def test_a_refusal_names_who_can_do_it_or_lift_it() -> None:
    assert [reason for reason in reasons() if not any(who in reason for who in WHO)] == []
    assert len(reasons()) > 20
