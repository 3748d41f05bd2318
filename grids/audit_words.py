"""What the audit page calls the acts on the ground."""

WORDS = {
    "grids.change": "修改底数登记",
    "grids.confirm": "确认底数登记",
    "grids.record": "登记底数",
    "grids.void": "作废底数登记",
}
