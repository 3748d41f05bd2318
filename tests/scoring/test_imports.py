from datetime import date
from decimal import Decimal

import pytest

from core.errors import Invalid
from core.models import AuditEntry
from scoring.calc.edition import faults_of, shortfalls
from scoring.imports import import_rubrics, read_rubrics, task_key
from scoring.models import Programme, Rubric, StarKind, Task, TaskKey
from scoring.samples import sample_rubrics
from scoring.selectors.rubrics import edition_of

OCTOBER = date(2026, 10, 1)
SMALL = """
label: 示例
defaults: {pass_percent: 80}
rubrics:
- title: 小细则
  track: urban
  stars:
  - {order: 1, name: 支部过硬星}
  - {order: 2, name: 平安法治, pass_percent: 72.5, prerequisites: [支部过硬星],
     veto: [{clause: 重大事故, document_no: 魏组〔2026〕1号}]}
  tasks:
  - {number: 1, star: 支部过硬星, name: 班子, standard: 健全。, points: 3.5,
     kind: judged, rule: {step: 0.5}, window: month}
  - {number: 2, star: safety_law, name: 普法, standard: 每月一次。, points: 2,
     kind: count, window: month, may_not_apply: true, key: law-days,
     rule: {unit: 次, steps: [{at_least: 1, points: 2}]}, evidence: 记录,
     ground: {follows: true, indicator: skill_training_count}}
"""


@pytest.fixture
def programme(db):
    return Programme.objects.create(code="weidu-five-star", name="“五星”支部创建")


def faults(text):
    with pytest.raises(Invalid) as refusal:
        read_rubrics(text)
    return refusal.value.errors


# -- the two samples that ship


@pytest.mark.parametrize(
    ("position", "track", "stars"),
    [
        (
            0,
            "urban",
            {
                "branch_strength": 24,
                "joint_sharing": 22,
                "safety_law": 18,
                "happiness_harmony": 19,
                "business_prosperity": 17,
            },
        ),
        (
            1,
            "agricultural",
            {
                "branch_strength": 24,
                "industry_prosperity": 22,
                "ecology_livability": 20,
                "safety_law": 17,
                "civility_happiness": 17,
            },
        ),
    ],
)
def test_each_sample_has_29_tasks_and_100_points_over_five_stars(position, track, stars):
    edition = read_rubrics(sample_rubrics()).editions[position]
    assert (edition.track, edition.label, len(edition.tasks)) == (track, "示例，待区委组织部确认", 29)
    assert {star.code: star.full_points for star in edition.stars} == stars
    assert edition.full_points == 100
    assert [star.pass_percent for star in edition.stars] == [80] * 5
    assert faults_of(edition) == []
    assert shortfalls(edition, required_tasks=29, required_points=Decimal(100)) == []


def test_the_samples_have_every_kind_of_criterion():
    criteria = [task.criterion for edition in read_rubrics(sample_rubrics()).editions for task in edition.tasks]
    kinds = [criterion["kind"] for criterion in criteria]
    counted = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    assert counted == {"checklist": 9, "count": 13, "deduction": 4, "graded": 12, "judged": 6, "ratio": 14}
    assert {criterion["step"] for criterion in criteria if criterion["kind"] == "judged"} == {"0.50"}


def test_a_sample_without_a_task_does_not_add_up():
    lost = sample_rubrics().replace(
        "{order: 1, name: 支部过硬星, tasks: 7, points: 24}", "{order: 1, name: 支部过硬星, tasks: 6, points: 25}", 1
    )
    place = "城市社区“五星”支部创建评分细则（示例） · 第 1 颗星"
    assert faults(lost) == {
        f"{place} · 任务数": ["写的是 6，实有任务是 7。"],
        f"{place} · 分值": ["写的是 25，各项相加是 24。"],
    }


# -- reading


def test_every_field_is_read_exactly():
    edition = read_rubrics(SMALL).editions[0]
    first, second = edition.stars
    assert (first.name, first.colour, first.pass_percent, first.prerequisites, first.veto) == (
        "支部过硬星",
        "red",
        80,
        (),
        (),
    )
    assert (second.code, second.pass_percent, second.prerequisites) == (
        "safety_law",
        Decimal("72.50"),
        ("branch_strength",),
    )
    assert second.veto == ({"clause": "重大事故", "document_no": "魏组〔2026〕1号"},)
    board, law = edition.tasks
    assert (board.full_points, board.key) == (Decimal("3.50"), task_key("branch_strength", "班子"))
    assert (law.key, law.may_not_apply, law.evidence_hint) == ("law-days", True, "记录")
    assert law.indicator == "skill_training_count"
    assert law.criterion == {"kind": "count", "unit": "次", "steps": [{"at_least": "1.00", "points": "2.00"}]}


def test_all_faults_are_told_at_once_by_rubric_task_and_field():
    text = (
        SMALL.replace("points: 3.5", "points: 4.5分")
        .replace("window: month}", "window: week}")
        .replace("star: safety_law", "star: 平安星")
        .replace("track: urban", "track: rural")
        .replace("steps: [{at_least: 1, points: 2}]", "steps: [{at_least: 1, points: 1}]")
        .replace("evidence: 记录", "evidence: 记录, pionts: 3")
        .replace("pass_percent: 72.5", "pass_percent: 八成")
    )
    assert faults(text) == {
        "小细则 · 类别": ["只能是 urban、agricultural 之一。"],
        "小细则 · 第 1 项 · 分值": ["须为最多两位小数的数字。"],
        "小细则 · 第 1 项 · 时段": ["只能是 state、month、quarter、year 之一。"],
        "小细则 · 第 2 项": ["不认识的栏目“pionts”。"],
        "小细则 · 第 2 项 · 所属的星": ["没有“平安星”这种星。"],
        "小细则 · 第 2 项 · 计分规则": ["最高一级须为满分 2 分。"],
        "小细则 · 第 2 颗星 · 达标线": ["须为最多两位小数的数字。"],
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("number: 2", "number: 1", {"小细则 · 序号": ["任务序号须从 1 到 2，不重不漏。"]}),
        ("number: 2", "number: 二", {"小细则 · 第 二 项 · 序号": ["须为整数。"]}),
        ("key: law-days", "key: Law 日", {"小细则 · 第 2 项 · 标识": ["只能用小写英文字母、数字、“-”和“_”。"]}),
        ("name: 班子", "name: ''", {"小细则 · 第 1 项 · 任务": ["必填。"]}),
        ("name: 班子", "name: [班子]", {"小细则 · 第 1 项 · 任务": ["须为不超过 60 字的文字。"]}),
        ("name: 班子", "name: " + "长" * 61, {"小细则 · 第 1 项 · 任务": ["须为不超过 60 字的文字。"]}),
        ("standard: 健全。, ", "", {"小细则 · 第 1 项 · 标准": ["必填。"]}),
        ("points: 3.5", "points: 0", {"小细则 · 第 1 项 · 分值": ["须大于 0。"]}),
        ("points: 3.5", "points: .inf", {"小细则 · 第 1 项 · 分值": ["须为最多两位小数的数字。"]}),
        ("points: 3.5", "points: 3.505", {"小细则 · 第 1 项 · 分值": ["须为最多两位小数的数字。"]}),
        ("may_not_apply: true", "may_not_apply: 是", {"小细则 · 第 2 项 · 可不涉及": ["只能是 true 或 false。"]}),
        ("prerequisites: [支部过硬星]", "prerequisites: [红星]", {"小细则 · 第 2 颗星 · 前置的星": ["没有这种星。"]}),
        (
            "prerequisites: [支部过硬星]",
            "prerequisites: [文明幸福星]",
            {"小细则 · 平安法治星 · 前置的星": ["前置的星不在本细则中。"]},
        ),
        (
            "prerequisites: [支部过硬星]",
            "prerequisites: [平安法治星]",
            {"小细则 · 前置的星": ["星与星之间互为前置，形成循环。"]},
        ),
        (
            "pass_percent: 72.5",
            "pass_percent: 100.01",
            {"小细则 · 平安法治星 · 达标线": ["达标线须在 0 至 100 之间。"]},
        ),
        (", document_no: 魏组〔2026〕1号", "", {"小细则 · 第 2 颗星 · 一票否决 · 文号": ["必填。"]}),
        ("order: 2", "order: 1", {"小细则 · 星": ["星的名称和次序不能重复。"]}),
        ("track: urban", "track: urban\n  level: grid", {"小细则 · 考评对象": ["目前只考评社区（community）。"]}),
        ("track: urban", "track: urban\n  total_points: 6", {"小细则 · 总分": ["写的是 6，各项相加是 5.5。"]}),
        ("{pass_percent: 80}", "{pass_percent: 80, bonus: 5}", {"小细则 · 默认规则 · 加分": ["目前不支持加分。"]}),
        (
            "label: 示例",
            "label: 示例\nindicators: [{name: other}]",
            {"小细则 · 第 2 项 · 指标": ["文末的底数指标里没有“skill_training_count”。"]},
        ),
        ("star: safety_law", "star: 文明幸福星", {"小细则 · 第 2 项 · 所属的星": ["上面的星表里没有这颗星。"]}),
    ],
)
def test_each_fault_is_told_where_it_stands(old, new, expected):
    assert SMALL.count(old) == 1
    assert faults(SMALL.replace(old, new)) == expected


def test_a_track_stands_once_in_a_file():
    twice = SMALL + SMALL[SMALL.index("- title") :].replace("小细则", "另一份")
    assert faults(twice) == {"细则": ["同一类别只能有一份细则。"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x [1]\nb: *x", "第 1 行：不支持锚点、别名和类型标记。"),
        ("a: !!python/object/apply:os.system [ls]", "第 1 行：不支持锚点、别名和类型标记。"),
        ("[" * 100_000, "第 1 行：嵌套超过 12 层。"),
        ("- 1\n" * 30_000, "第 20000 行：内容过多。"),
        ("rubrics: []\nrubrics: []", "第 2 行：栏目“rubrics”重复。"),
        ("? [1]\n: 2", "第 1 行：栏目名只能是文字。"),
        ("a: [", "第 2 行：YAML 格式有误。"),
        ("--- 1\n--- 2", "第 2 行：只能有一个 YAML 文档。"),
        ("a: \x00", "文件含有不能识别的字符，请用 UTF-8 纯文本的 YAML。"),
        ("a: \ud800", "文件含有不能识别的字符，请用 UTF-8 纯文本的 YAML。"),
        ('a: "\\u202e字"', "第 1 行：含有看不见的控制字符。"),
        ("a: " + "9" * 1_048_576, "文件超过 1 MB，不能导入。"),
    ],
)
def test_a_text_that_is_no_plain_yaml_is_refused(text, message):
    with pytest.raises(Invalid) as refusal:
        read_rubrics(text)
    assert refusal.value.message == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "3",
        "- 1",
        "rubrics: 3",
        "rubrics: [3, null]",
        "rubrics: [{stars: [1], tasks: [2]}]",
        "defaults: []\nrubrics: [{}]",
    ],
)
def test_another_shape_is_refused_with_faults(text):
    assert all(message.endswith("。") for messages in faults(text).values() for message in messages)


# -- writing


def test_an_import_writes_what_was_read(town, programme):
    drafts = import_rubrics(actor=town.wang, programme=programme, text=sample_rubrics(), first_month=OCTOBER)
    assert tuple(edition_of(rubric) for rubric in drafts) == read_rubrics(sample_rubrics()).editions
    assert [(rubric.track, rubric.number, rubric.state, rubric.first_month) for rubric in drafts] == [
        ("urban", 1, "draft", OCTOBER),
        ("agricultural", 1, "draft", OCTOBER),
    ]
    assert StarKind.objects.count() == 8
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["scoring.draft_rubric"] * 2


def test_the_same_text_twice_writes_nothing(town, programme):
    import_rubrics(actor=town.wang, programme=programme, text=sample_rubrics(), first_month=OCTOBER)
    again = import_rubrics(actor=town.wang, programme=programme, text=sample_rubrics(), first_month=OCTOBER)
    assert again == []
    assert (Rubric.objects.count(), AuditEntry.objects.count()) == (2, 2)


def test_only_the_track_that_changed_gets_a_new_edition(town, programme):
    import_rubrics(actor=town.wang, programme=programme, text=sample_rubrics(), first_month=OCTOBER)
    changed = sample_rubrics().replace("人居环境整治", "人居环境", 1)
    drafts = import_rubrics(actor=town.wang, programme=programme, text=changed, first_month=date(2026, 12, 1))
    assert [(rubric.track, rubric.number) for rubric in drafts] == [("agricultural", 2)]
    assert TaskKey.objects.filter(code=task_key("ecology_livability", "人居环境")).count() == 1


def test_a_fault_changes_nothing(town, programme):
    broken = sample_rubrics().replace("number: 29", "number: 30", 1)
    with pytest.raises(Invalid):
        import_rubrics(actor=town.wang, programme=programme, text=broken, first_month=OCTOBER)
    with pytest.raises(Invalid, match="起始月份须为某月的第一天。"):
        import_rubrics(actor=town.wang, programme=programme, text=SMALL, first_month=date(2026, 10, 2))
    assert (Rubric.objects.count(), Task.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)
