import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from core import clock
from core.actor import SYSTEM, Actor
from core.canonical import digest
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from scoring.calc.criteria import criterion_digest, criterion_text
from scoring.choices import PeriodState, RubricState
from scoring.imports import import_rubrics
from scoring.models import Period, Programme, Rubric, Star, Task, TaskKey
from scoring.samples import sample_rubrics
from scoring.selectors.subjects import editions_in_force
from scoring.services.rubric import discard_draft, publish_rubric, revise_task

OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (10, 11, 12))


@pytest.fixture
def programme(town):
    return Programme.objects.create(
        code="weidu-five-star", name="“五星”支部创建", required_tasks=29, required_points=Decimal(100)
    )


@pytest.fixture
def drafts(town, programme):
    return import_rubrics(actor=town.wang, programme=programme, text=sample_rubrics(), first_month=OCTOBER)


@pytest.fixture
def urban(drafts):
    return next(rubric for rubric in drafts if rubric.track == "urban")


def begin(programme, month, state=PeriodState.OPEN):
    return Period.objects.create(
        programme=programme,
        month=month,
        state=state,
        report_due_on=month,
        street_due_on=month,
        task_force_due_on=month,
    )


def next_edition(town, programme, urban, month=DECEMBER):
    """A second edition of the urban track that differs by its title."""
    text = sample_rubrics().replace("城市社区“五星”支部创建评分细则", "城市社区评分细则")
    return import_rubrics(actor=town.wang, programme=programme, text=text, first_month=month)[0]


# -- publishing


def test_publishing_freezes_the_content_with_its_digest(town, drafts):
    for draft in drafts:
        rubric = publish_rubric(actor=town.wang, rubric=draft)
        stored = Rubric.objects.get(pk=rubric.pk)
        assert stored.state == RubricState.PUBLISHED
        assert stored.sha256 == hashlib.sha256(stored.content.encode()).hexdigest() == digest(stored.frozen)
        tasks = [task for star in stored.frozen["stars"] for task in star["tasks"]]
        assert sorted(task["number"] for task in tasks) == list(range(1, 30))
        assert sum(Decimal(task["full_points"]) for task in tasks) == 100


def test_the_frozen_content_has_this_shape(town, urban):
    content = publish_rubric(actor=town.wang, rubric=urban).frozen
    stars = content.pop("stars")
    assert content == {
        "schema": 1,
        "programme": "weidu-five-star",
        "track": "urban",
        "number": 1,
        "title": "城市社区“五星”支部创建评分细则（示例）",
        "label": "示例，待区委组织部确认",
        "document_no": "",
        "first_month": "2026-10",
    }
    tasks = stars[0].pop("tasks")
    assert stars[0] == {
        "code": "branch_strength",
        "name": "支部过硬星",
        "colour": "red",
        "order": 1,
        "pass_percent": "80.00",
        "prerequisites": [],
        "veto": [],
    }
    criterion = {"kind": "judged", "step": "0.50", "needs_note": True}
    assert tasks[0] == {
        "number": 1,
        "key": "branch_strength-" + hashlib.sha1("争当好支书".encode()).hexdigest()[:8],
        "title": "争当好支书",
        "standard": "书记牵头制定争创计划，任务逐项分解到人、排出时间表并按月调度。",
        "window": "month",
        "may_not_apply": False,
        "full_points": "3.00",
        "criterion": criterion,
        "criterion_digest": criterion_digest(criterion, Decimal(3)),
        "criterion_text": "评议：0 至 3 分，每档 0.5 分，需写理由。",
        "evidence_hint": "争创计划、任务分解表、创建工作会记录（系统内已有的不必另传）",
        "indicator": "",
    }


def test_publishing_is_audited_with_the_digest(town, urban):
    rubric = publish_rubric(actor=town.wang, rubric=urban)
    entry = AuditEntry.objects.latest("seq")
    assert (entry.verb, entry.object_id, entry.actor_label) == (
        "scoring.publish_rubric",
        str(rubric.pk),
        town.wang.label,
    )
    assert f'"sha256":"{rubric.sha256}"' in entry.payload


def test_publishing_takes_the_time_of_the_clock(town, urban):
    moment = clock.now().replace(year=2026, microsecond=0)
    with clock.pinned_at(moment):
        assert publish_rubric(actor=town.wang, rubric=urban).published_at == moment


def test_an_edition_is_published_once(town, urban):
    publish_rubric(actor=town.wang, rubric=urban)
    with pytest.raises(Conflict, match="这一版细则已经发布。"):
        publish_rubric(actor=town.wang, rubric=urban)


def test_a_programme_demands_its_tasks_and_points(town, programme, urban):
    urban.tasks.get(number=29).delete()
    with pytest.raises(Invalid) as refusal:
        publish_rubric(actor=town.wang, rubric=urban)
    assert refusal.value.errors == {
        "任务": ["须有 29 项任务，现有 28 项。"],
        "总分": ["各项分值相加须为 100 分，现为 97 分。"],
    }
    assert Rubric.objects.get(pk=urban.pk).content == ""


def test_a_programme_without_demands_takes_any_number_of_tasks(town, programme, urban):
    Programme.objects.update(required_tasks=None, required_points=None)
    urban.tasks.get(number=29).delete()
    assert publish_rubric(actor=town.wang, rubric=Rubric.objects.get(pk=urban.pk)).state == RubricState.PUBLISHED


@pytest.mark.parametrize(
    ("field", "value", "errors"),
    [
        ("prerequisites", ["safety_law"], {"前置的星": ["星与星之间互为前置，形成循环。"]}),
        ("prerequisites", ["ecology_livability"], {"支部过硬星 · 前置的星": ["前置的星不在本细则中。"]}),
        (
            "veto",
            [{"clause": "x", "document_no": ""}],
            {"支部过硬星 · 一票否决": ["一票否决的每一条都要写条款和文号。"]},
        ),
    ],
)
def test_faults_of_a_star_keep_an_edition_from_being_published(town, urban, field, value, errors):
    Star.objects.filter(rubric=urban, kind__code="safety_law").update(prerequisites=["branch_strength"])
    Star.objects.filter(rubric=urban, kind__code="branch_strength").update(**{field: value})
    with pytest.raises(Invalid) as refusal:
        publish_rubric(actor=town.wang, rubric=urban)
    assert refusal.value.errors == errors


def test_a_criterion_that_cannot_be_used_keeps_an_edition_from_being_published(town, urban):
    Task.objects.filter(rubric=urban, number=1).update(criterion={"kind": "judged", "step": "0.40"})
    with pytest.raises(Invalid) as refusal:
        publish_rubric(actor=town.wang, rubric=urban)
    assert refusal.value.errors == {"第 1 项 · 计分办法": ["评分步长 0.4 不能整除满分 3。"]}


@pytest.mark.parametrize("month", [OCTOBER, NOVEMBER])
@pytest.mark.parametrize("state", [PeriodState.OPEN, PeriodState.CLOSED, PeriodState.PUBLISHED])
def test_an_edition_changes_no_month_that_has_begun(town, programme, urban, month, state):
    begin(programme, month, state)
    with pytest.raises(Conflict, match=f"2026年{month.month}月考评已经开启，细则的起始月份须在其后。"):
        publish_rubric(actor=town.wang, rubric=urban)


def test_months_before_or_of_another_programme_do_not_matter(town, programme, urban):
    begin(programme, date(2026, 9, 1), PeriodState.PUBLISHED)
    begin(Programme.objects.create(code="practice", name="练习", is_practice=True), OCTOBER)
    assert publish_rubric(actor=town.wang, rubric=urban).state == RubricState.PUBLISHED


def test_two_editions_of_a_track_never_begin_in_one_month(town, programme, urban):
    publish_rubric(actor=town.wang, rubric=urban)
    second = next_edition(town, programme, urban, month=OCTOBER)
    with pytest.raises(Conflict, match="已有一版自2026年10月起施行的细则。"):
        publish_rubric(actor=town.wang, rubric=second)


def test_the_edition_in_force_is_the_last_published_one_begun(town, programme, urban):
    first = publish_rubric(actor=town.wang, rubric=urban)
    second = next_edition(town, programme, urban)
    assert editions_in_force(programme, DECEMBER).get("urban") == first
    second = publish_rubric(actor=town.wang, rubric=second)
    found = [editions_in_force(programme, date(2026, month, 1)).get("urban") for month in (9, 10, 11, 12)]
    assert found == [None, first, first, second]
    assert editions_in_force(programme, DECEMBER).get("agricultural") is None


def test_the_same_task_keeps_its_key_over_tracks_and_editions(town, programme, drafts, urban):
    second = next_edition(town, programme, urban)
    assert list(second.tasks.values_list("key", flat=True)) == list(urban.tasks.values_list("key", flat=True))
    agricultural = next(rubric for rubric in drafts if rubric.track == "agricultural")
    named = [
        {(star, title): key for star, title, key in rubric.tasks.values_list("star__kind__code", "title", "key")}
        for rubric in (urban, agricultural)
    ]
    shared = named[0].keys() & named[1].keys()
    assert ("branch_strength", "争当好支书") in shared
    assert {name: named[0][name] for name in shared} == {name: named[1][name] for name in shared}
    assert len(set(named[0].values()) | set(named[1].values())) == 58 - len(shared)


# -- drafts


def test_a_task_of_a_draft_is_revised(town, urban):
    task = urban.tasks.get(number=1)
    revise_task(
        actor=town.wang,
        task=task,
        changes={"title": " 当好支书 ", "full_points": Decimal("3.50"), "may_not_apply": True},
    )
    task.refresh_from_db()
    assert (task.title, task.full_points, task.may_not_apply) == ("当好支书", Decimal("3.50"), True)
    assert task.criterion_digest == criterion_digest(task.criterion, Decimal("3.50"))


def test_a_deduction_follows_the_points(town, drafts):
    task = Task.objects.get(rubric__track="agricultural", number=14)
    revise_task(actor=town.wang, task=task, changes={"full_points": Decimal("4.25")})
    task.refresh_from_db()
    assert criterion_text(task.criterion, task.full_points) == "从 4.25 分起，每 1 处扣 0.5 分，扣完为止。"


def test_a_revised_rule_is_kept_in_its_one_spelling(town, urban):
    rule = {"kind": "count", "unit": " 次 ", "steps": [{"at_least": "3", "points": "3"}]}
    task = urban.tasks.get(number=1)
    revise_task(actor=town.wang, task=task, changes={"criterion": rule})
    task.refresh_from_db()
    assert task.criterion == {"kind": "count", "unit": "次", "steps": [{"at_least": "3.00", "points": "3.00"}]}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"number": 3},
        {"key": None},
        {"window": "week"},
        {"full_points": "NaN"},
        {"full_points": Decimal("0.00")},
        {"full_points": Decimal("-1.00")},
        {"full_points": None},
        {"full_points": Decimal("3.001")},
        {"title": ""},
        {"title": "长" * 61},
        {"title": None},
        {"criterion": {"kind": "judged", "step": "0.40"}},
        {"criterion": {"kind": "graded", "levels": 3.5}},
        {"criterion": None},
    ],
)
def test_a_revision_that_cannot_be_used_changes_nothing(town, urban, changes):
    before = Task.objects.filter(rubric=urban, number=1).values().get()
    entries = AuditEntry.objects.count()
    with pytest.raises(Invalid):
        revise_task(actor=town.wang, task=urban.tasks.get(number=1), changes=changes)
    assert Task.objects.filter(rubric=urban, number=1).values().get() == before
    assert AuditEntry.objects.count() == entries


def test_a_published_edition_is_neither_revised_nor_discarded(town, urban):
    publish_rubric(actor=town.wang, rubric=urban)
    with pytest.raises(Conflict, match="已发布的细则不能修改"):
        revise_task(actor=town.wang, task=urban.tasks.get(number=1), changes={"title": "改"})
    with pytest.raises(Conflict, match="已发布的细则不能删除"):
        discard_draft(actor=town.wang, rubric=urban)


def test_a_discarded_draft_leaves_the_identities_of_its_tasks(town, programme, urban):
    keys = TaskKey.objects.count()
    discard_draft(actor=town.wang, rubric=urban)
    assert [rubric.track for rubric in Rubric.objects.all()] == ["agricultural"]
    assert TaskKey.objects.count() == keys
    with pytest.raises(Conflict, match="这一版细则已被删除。"):
        discard_draft(actor=town.wang, rubric=Rubric(pk=urban.pk or 10**6))


# -- rights


@pytest.mark.parametrize("key", ["lin", "zhou", "wu", "zheng1", "reader", "sysadmin", "secadmin", "auditor"])
def test_only_the_creation_office_keeps_rubrics(town, programme, urban, key):
    officer = town.everybody[key]
    acts = [
        lambda: import_rubrics(actor=officer, programme=programme, text=sample_rubrics(), first_month=DECEMBER),
        lambda: revise_task(actor=officer, task=urban.tasks.first(), changes={"title": "改"}),
        lambda: discard_draft(actor=officer, rubric=urban),
        lambda: publish_rubric(actor=officer, rubric=urban),
    ]
    for act in acts:
        with pytest.raises(Forbidden, match="只有区创建办可以维护评星标准。"):
            act()


def test_the_system_may_but_an_account_without_appointment_may_not(town, urban):
    with pytest.raises(Forbidden):
        publish_rubric(actor=Actor(user_id=1, label="某人"), rubric=urban)
    assert publish_rubric(actor=SYSTEM, rubric=urban).state == RubricState.PUBLISHED


def test_the_database_itself_keeps_a_published_edition_frozen(town, urban):
    rubric = publish_rubric(actor=town.wang, rubric=urban)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_rubric SET content = '' WHERE id = %s", [rubric.pk])
