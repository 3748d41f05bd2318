"""What the audit page calls the acts on the ground."""

WORDS = {
    "grids.change": "修改底数登记",
    "grids.confirm": "确认底数登记",
    "grids.accept": "认可核查例外",
    "grids.close": "撤销网格、庭院或阵地",
    "grids.hand_over": "移交底数",
    "grids.merge": "合并网格",
    "grids.move": "划转网格",
    "grids.norm": "登记底数标准",
    "grids.define_measure": "新立统计指标",
    "grids.keep_places": "批量登记网格、庭院或阵地",
    "grids.keep_post_counts": "批量登记岗位配备",
    "grids.keep_rows": "批量登记底数",
    "grids.record": "登记底数",
    "grids.record_post_count": "登记岗位配备",
    "grids.record_statistic": "登记统计数字",
    "grids.set_up": "设立网格、庭院或阵地",
    "grids.split": "分设网格",
    "grids.state": "登记底数变更",
    "grids.unmask_contact": "查看岗位联系电话",
    "grids.void": "作废底数登记",
}
