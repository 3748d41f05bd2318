from __future__ import annotations

from django.db import models
from django.db.models import Q

from branches.choices import Level, Track
from branches.models import Organisation
from core.fields import HundredthsField
from scoring.choices import Visibility


class Programme(models.Model):
    """A rating programme; a practice programme is for training and never mixes with the real one."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    subject_level = models.PositiveSmallIntegerField("考评对象", choices=Level.choices, default=Level.COMMUNITY)
    is_practice = models.BooleanField("练习", default=False)
    required_tasks = models.PositiveSmallIntegerField("任务数", null=True, blank=True, help_text="发布细则时核对")
    required_points = HundredthsField("总分", null=True, blank=True, help_text="发布细则时核对")

    class Meta:
        verbose_name = verbose_name_plural = "考评项目"

    def __str__(self) -> str:
        return self.name


def default_ranking_keys() -> list[str]:
    return ["total"]


class ProgrammeYear(models.Model):
    """The rules of one year, all of them data of the district."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("年度名称", max_length=80, help_text="如：“五星”支部创建")
    label = models.CharField("标注", max_length=80, blank=True, default="", help_text="如：示例，待区委组织部确认")
    gap_width = HundredthsField("两线差距上限", help_text="两条审核线相差超过此分值的，交区创建办裁定")
    total_decimals = models.PositiveSmallIntegerField("总分小数位", default=2)
    ranking_keys = models.JSONField("排名依据", default=default_ranking_keys)
    is_ranked_across_tracks = models.BooleanField("两类合并排名", default=False)
    visibility = models.CharField(
        "排名公开范围", max_length=12, choices=Visibility.choices, default=Visibility.WITH_POINTS
    )
    award_basis = models.CharField("年度定星依据", max_length=40, default="last_published_month")
    report_due_days = models.SmallIntegerField("填报截止", default=3, help_text="月末后第几天")
    street_due_days = models.SmallIntegerField("街道审核截止", default=6, help_text="月末后第几天")
    task_force_due_days = models.SmallIntegerField("专班核验截止", default=9, help_text="月末后第几天")
    spot_check_percent = models.PositiveSmallIntegerField("抽查社区比例（%）", default=20)
    spot_check_items = models.PositiveSmallIntegerField("抽查每个社区项数", default=3)
    spot_check_doubtful_percent = models.PositiveSmallIntegerField("抽查疑点占比（%）", default=50)
    remind_from_hour = models.PositiveSmallIntegerField("提醒时段起", default=9, help_text="几点以后才写提醒")
    remind_until_hour = models.PositiveSmallIntegerField("提醒时段止", default=17, help_text="几点以后不再写提醒")
    remind_ceiling = models.PositiveSmallIntegerField("提醒上限", default=8, help_text="每人每月最多几条")
    remind_before_days = models.PositiveSmallIntegerField("提前提醒", default=2, help_text="截止前几个工作日")
    escalate_street_days = models.PositiveSmallIntegerField("提醒街道书记", default=2, help_text="截止后几个工作日")
    escalate_office_days = models.PositiveSmallIntegerField("提醒区创建办", default=4, help_text="截止后几个工作日")

    class Meta:
        verbose_name = verbose_name_plural = "年度规则"
        constraints = [
            models.UniqueConstraint(fields=["programme", "year"], name="one_set_of_rules_a_year"),
            models.CheckConstraint(condition=Q(total_decimals__lte=2), name="totals_have_at_most_two_places"),
            models.CheckConstraint(
                condition=Q(remind_from_hour__lt=models.F("remind_until_hour"), remind_until_hour__lte=24),
                name="reminders_have_hours_of_the_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


class StarKind(models.Model):
    """One of the kinds of star; two kinds are shared by both tracks."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=20)
    colour = models.CharField("颜色", max_length=20, help_text="样式名，总与文字同现")

    class Meta:
        verbose_name = verbose_name_plural = "星"

    def __str__(self) -> str:
        return self.name


class TaskKey(models.Model):
    """The identity of a task across editions of the rubric."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="task_keys")
    code = models.SlugField("代码", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "任务标识"
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="one_key_a_programme_and_code")]

    def __str__(self) -> str:
        return self.code


class StarResponsibility(models.Model):
    """Which task force serves which star of which track, from a month on."""

    task_force = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="star_responsibilities")
    star_kind = models.ForeignKey(StarKind, on_delete=models.PROTECT, related_name="responsibilities")
    track = models.CharField("类别", max_length=12, choices=Track.choices)
    from_month = models.DateField("起始月份")

    class Meta:
        verbose_name = verbose_name_plural = "专班分工"
        constraints = [
            models.UniqueConstraint(
                fields=["star_kind", "track", "from_month"], name="one_task_force_a_star_track_and_month"
            )
        ]
