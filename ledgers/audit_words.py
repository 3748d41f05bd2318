"""What the audit page calls the acts on ledgers."""

WORDS = {
    "ledgers.draft": "打印送审稿",
    "ledgers.draw": "绘制台账",
    "ledgers.issue": "签发台账",
}
