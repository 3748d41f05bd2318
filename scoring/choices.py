"""Closed lists of the month."""

from django.db.models import TextChoices


class Window(TextChoices):
    """What a task looks at: a standing at month end, or a flow within a window so far."""

    STATE = "state", "状态类"
    MONTH = "month", "当月"
    QUARTER = "quarter", "当季累计"
    YEAR = "year", "本年累计"


class RubricState(TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"


class PeriodState(TextChoices):
    OPEN = "open", "进行中"
    CLOSED = "closed", "已关闭"
    PUBLISHED = "published", "已公布"


class Step(TextChoices):
    """Where an item of a running month stands: told from what it counts as, never stored (`calc.steps`)."""

    NOT_REPORTED = "not_reported", "未报"
    AT_STREET = "at_street", "待街道审核"
    AT_TASK_FORCE = "at_task_force", "待专班核验"
    SETTLED = "settled", "已认定"


class ItemState(TextChoices):
    OPEN = "open", "待填报"
    SUBMITTED = "submitted", "已报送"
    RETURNED = "returned", "已退回"


class ReportKind(TextChoices):
    POINTS = "points", "得分"
    NOT_APPLICABLE = "not_applicable", "不涉及"


class ReportBasis(TextChoices):
    ENTERED = "entered", "填报"
    UNCHANGED = "unchanged", "与上月一致"
    PROPOSED = "proposed", "取自底数"


class Axis(TextChoices):
    """The two axes of review: by place and by star."""

    STREET = "street", "街道审核"
    TASK_FORCE = "task_force", "专班核验"


class Outcome(TextChoices):
    AGREE = "agree", "同意"
    SET = "set", "改分"
    RETURN = "return", "退回"
    NOT_APPLICABLE = "not_applicable", "确认不涉及"
    WITHDRAWN = "withdrawn", "撤销意见"


class ReviewBasis(TextChoices):
    CHECKED = "checked", "逐项核验"
    AS_LAST_MONTH = "as_last_month", "按上月认定，未逐项核验"
    IN_BULK = "in_bulk", "数值同上月，批量认定，未逐项核验"
    SPOT_CHECK = "spot_check", "抽查核验"
    DEPARTMENT_DATA = "department_data", "部门数据"


class DrawnBy(TextChoices):
    """Why an item stands in a sample."""

    DOUBT = "doubt", "疑点"
    CHANCE = "chance", "随机"


class Finding(TextChoices):
    """What was found on site."""

    MATCHES = "matches", "相符"
    DIFFERS = "differs", "不符"
    NOT_CHECKED = "not_checked", "未查"


class RulingPurpose(TextChoices):
    ADJUDICATION = "adjudication", "裁定"
    SETTLEMENT = "settlement", "批量认定"
    APPEAL = "appeal", "复核"
    CORRECTION = "correction", "更正"


class CorrectionState(TextChoices):
    """A correction on its way through two persons; the last three are final."""

    DRAFT = "draft", "起草中"
    PROPOSED = "proposed", "待第二人确认"
    CONFIRMED = "confirmed", "已公布"
    DECLINED = "declined", "未同意"
    WITHDRAWN = "withdrawn", "已撤销"


class Visibility(TextChoices):
    """Who outside the district offices sees a published ranking, fixed in the publication."""

    OFF = "off", "不公开"
    BANDS = "bands", "只公开星级"
    ORDER = "order", "公开名次"
    WITH_POINTS = "with_points", "公开名次和分数"


class EvidenceKind(TextChoices):
    FILE = "file", "文件"
    NOTE = "note", "记录"
