"""What the audit page calls the acts on ledgers."""

WORDS = {
    "ledgers.bundle": "装订台账",
    "ledgers.cancel_batch": "取消台账批次",
    "ledgers.draft": "打印送审稿",
    "ledgers.draw": "绘制台账",
    "ledgers.issue": "签发台账",
    "ledgers.paper": "打印工作用纸",
    "ledgers.retry_batch": "重试台账批次",
    "ledgers.start_batch": "生成台账",
    "ledgers.switch_automatic": "设定台账自动签发",
}
