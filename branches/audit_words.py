"""What the audit page calls the acts on organisations, people and accounts."""

WORDS = {
    "branches.add_aliases": "登记别名",
    "branches.add_person": "登记人员",
    "branches.appoint": "登记任职",
    "branches.change_class": "调整组织形式和类别",
    "branches.change_form": "调整组织形式",
    "branches.change_track": "调整类别",
    "branches.close": "撤销党组织",
    "branches.end_appointment": "离任",
    "branches.found": "设立党组织",
    "branches.import_change": "导入变动",
    "branches.issue_token": "签发接口令牌",
    "branches.keep_duty_posts": "调整分工岗位名单",
    "branches.move": "划转",
    "branches.open_account": "开立账号",
    "branches.rename": "更名",
    "branches.reset_password": "重设密码",
    "branches.set_account_active": "启用或停用账号",
    "branches.unmask_contact": "查看联系方式",
}
