"""Importing streets and communities: all problems at once, all or nothing, the same file twice changes nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from branches.choices import PartyForm, Track
from branches.imports import read_attributes
from branches.models import Alias, Organisation, Placement
from branches.services.listing import import_listing, plan_listing
from branches.services.placing import move_organisation, rename_organisation
from core import clock
from core.errors import Forbidden, Invalid
from core.models import AuditEntry
from tests.people import OPENED_ON, Town

DATA = Path(settings.BASE_DIR) / "data"
HEAD = "street_code,street,community_code,community"
TOWN = f"""{HEAD}
411002001,西大街道,411002001001,金地社区
411002001,西大街道,411002001006,府后社区
411002006,五一路街道,411002006002,光明社区
411002006,五一路街道,411002006006,樊沟社区
"""


def weidu() -> tuple[bytes, dict]:
    return (DATA / "weidu-communities.csv").read_bytes(), read_attributes((DATA / "weidu-attributes.csv").read_bytes())


def bring_in(town: Town, text: str | bytes, **options: object) -> object:
    content = text if isinstance(text, bytes) else text.encode()
    return import_listing(actor=town.wang, content=content, source="名单.csv", **options)  # type: ignore[arg-type]


def state() -> tuple:
    return (
        list(Organisation.objects.values_list("code", "closed_on")),
        list(Placement.objects.values_list("organisation", "starts_on", "revision", "name", "parent")),
        list(Alias.objects.values_list("organisation", "name")),
        AuditEntry.objects.count(),
    )


def problems(town: Town, text: str | bytes, **options: object) -> list[str]:
    before = state()
    with pytest.raises(Invalid) as refused:
        bring_in(town, text, **options)
    assert state() == before
    lines = [line for lines in refused.value.errors.values() for line in lines]
    return lines or [refused.value.message]


def test_the_real_chain_of_weidu(town: Town) -> None:
    content, attributes = weidu()
    bring_in(town, content, attributes=attributes)
    today = Organisation.objects.as_of(clock.today())
    assert today.filter(level=2).count() == 13
    assert today.filter(level=3).count() == 89
    agricultural = today.filter(track=Track.AGRICULTURAL).values_list("name", flat=True)
    assert set(agricultural) == {"樊沟社区", "东李庄社区", "七里店社区"}
    forms = dict(today.filter(level=3).exclude(form="").values_list("name", "form"))
    assert forms == {
        "新村社区": PartyForm.COMMITTEE,
        "许烟社区": PartyForm.GENERAL_BRANCH,
        "府后社区": PartyForm.GENERAL_BRANCH,
        "文峰社区": PartyForm.GENERAL_BRANCH,
        "河西社区": PartyForm.GENERAL_BRANCH,
        "七一社区": PartyForm.BRANCH,
        "樊沟社区": PartyForm.BRANCH,
    }
    assert set(Alias.objects.values_list("name", flat=True)) == {"西大街街道", "东大街街道", "北大街街道", "八西社区"}


def test_the_same_file_twice_changes_nothing(town: Town) -> None:
    content, attributes = weidu()
    bring_in(town, content, attributes=attributes)
    before = state()
    plan = bring_in(town, content, attributes=attributes)
    assert plan.is_empty
    assert plan.unchanged == 102
    assert state() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(town: Town, encoding: str) -> None:
    added = TOWN + "411002006,五一路街道,411002006007,新华社区\n"
    plan = bring_in(town, added.encode(encoding))
    assert [entry.name for entry in plan.new_communities] == ["新华社区"]
    assert Organisation.objects.as_of(clock.today()).get(code="411002006007").track == Track.URBAN


def test_a_preview_writes_nothing(town: Town) -> None:
    before = state()
    plan = plan_listing((TOWN + "411002006,五一路街道,411002006007,新华社区\n").encode())
    assert plan.summary() == "新设街道0个、社区1个，变更0个，补登别名0个，不变6个。"
    assert state() == before


def test_a_first_list_stands_since_the_district_does(town: Town) -> None:
    plan = bring_in(town, TOWN + "411002006,五一路街道,411002006007,新华社区\n")
    assert Organisation.objects.get(code="411002006007").opened_on == clock.today()
    assert plan.unchanged == 6
    tomorrow = clock.today() + timedelta(days=1)
    bring_in(town, TOWN + "411002006,五一路街道,411002006008,新建社区\n", starts_on=tomorrow)
    assert Organisation.objects.get(code="411002006008").opened_on == tomorrow


def test_extra_columns_say_track_form_and_aliases(town: Town) -> None:
    bring_in(
        town, f"{HEAD},track,form,aliases\n411002006,五一路街道,411002006007,新华社区,涉农社区,党支部,新华村、老新华\n"
    )
    founded = Organisation.objects.as_of(clock.today()).get(code="411002006007")
    assert (founded.track, founded.form) == (Track.AGRICULTURAL, PartyForm.BRANCH)
    assert set(founded.aliases.values_list("name", flat=True)) == {"新华村", "老新华"}


def test_another_name_needs_a_document(town: Town) -> None:
    renamed = TOWN.replace("府后社区", "府后新社区")
    assert problems(town, renamed) == [
        "第3行“community”列：与现行登记不同：名称（现为府后社区）。如确有变更，请注明文号后再导入。"
    ]
    bring_in(town, renamed, document_no="魏民〔2026〕3号")
    assert Organisation.objects.as_of(clock.today()).get(pk=town.fuhou.pk).name == "府后新社区"
    assert Organisation.objects.as_of(OPENED_ON).get(pk=town.fuhou.pk).name == "府后社区"


def test_another_street_is_a_move(town: Town) -> None:
    moved = TOWN.replace("411002001,西大街道,411002001006", "411002006,五一路街道,411002001006")
    assert "上级（现为411002001）" in problems(town, moved)[0]
    bring_in(town, moved, document_no="魏民〔2026〕3号")
    assert town.fuhou in Organisation.objects.below(town.wuyi, clock.today())


def test_a_moved_and_renamed_community_stays_as_it_is_listed(town: Town) -> None:
    paper = {"document_no": "1号", "reason": "调整", "starts_on": clock.today()}
    move_organisation(actor=town.wang, organisation=town.fuhou, parent=town.wuyi, **paper)
    rename_organisation(actor=town.wang, organisation=town.fuhou, name="府前社区", **paper)
    listed = TOWN.replace("411002001,西大街道,411002001006,府后社区", "411002006,五一路街道,411002001006,府前社区")
    assert bring_in(town, listed).is_empty


@pytest.mark.parametrize("who", ["lin", "secadmin", "reader"])
def test_only_the_creation_office(town: Town, who: str) -> None:
    with pytest.raises(Forbidden):
        import_listing(actor=getattr(town, who), content=TOWN.encode(), source="名单.csv")


ROW = "411002001,西大街道,411002001020,新社区"


def test_all_problems_at_once(town: Town) -> None:
    text = "\n".join(
        [
            HEAD,
            "411002001,西大街道,411002001020,",
            "41100200x,西大街道,411002001021,新社区",
            "411002001,西大街道,411002001022",
            "411002001,东大街道,411002001023,好社区",
            "411002001,西大街道,411002001023,又社区",
            "411003001,许昌街道,411003001001,远社区",
            "411002006,五一路街道,411002001024,错社区",
        ]
    )
    assert problems(town, text) == [
        "第2行“community”列：请填写名称。",
        "第3行“street_code”列：街道代码须为9位数字。",
        "第4行：应有4列，实有3列。",
        "第5行“street”列：与现行登记不同：名称（现为西大街道）。如确有变更，请注明文号后再导入。",
        "第6行“community_code”列：社区代码与第5行重复。",
        "第6行“street”列：与第5行的街道代码相同，名称却不同（东大街道）。",
        "第7行“street_code”列：代码411003001不属于本区（411002）。",
        "第8行“community_code”列：代码411002001024不属于所列街道（411002006）。",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "文件是空的。"),
        (b"\n\n", "文件是空的。"),
        (b"PK\x03\x04rest of a workbook", "这是Excel文件，请另存为CSV（逗号分隔）后再导入。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "这是Excel文件，请另存为CSV（逗号分隔）后再导入。"),
        (TOWN.encode("utf-16"), "不是可识别的文本文件，请另存为UTF-8编码的CSV。"),
        (b"street_code,\x00", "不是可识别的文本文件，请另存为UTF-8编码的CSV。"),
        (b"\xff\xff\x81", "文字编码无法识别，请另存为UTF-8编码的CSV。"),
        ("street_code,street,community\n1,2,3", "第1行缺少列：community_code。"),
        (f"{HEAD},street\n{ROW},西", "第1行的列重复：street。"),
        (f'{HEAD}\n411002001,"西大街道,411002001020,新', "第2行不是正确的CSV：引号不配对或单元格过长。"),
        (f"{HEAD}\n{ROW}{'长' * 140_000}", "第2行不是正确的CSV：引号不配对或单元格过长。"),
        ("x" * (5 * 1024 * 1024 + 1), "文件超过5MB。"),
        (f"{HEAD}\n" + f"{ROW}\n" * 20_001, "文件超过20000行。"),
    ],
)
def test_files_that_are_no_list(town: Town, text: str | bytes, message: str) -> None:
    assert problems(town, text) == [message]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (ROW + "社" * 10_000, "第2行“community”列：名称最多 80 字。"),
        ("411002001,西大街道,411002001020,　", "第2行“community”列：请填写名称。"),
        ("411002001,西大街道,411002001020,\ue000", "第2行“community”列：名称里有无法识别的字符，请重新输入。"),
        ("411002001,西大街道,４１１００２００１０２０,新", "第2行“community_code”列：社区代码须为12位数字。"),
        ("合计,,,89", "第2行“street_code”列：街道代码须为9位数字。"),
    ],
)
def test_hostile_rows(town: Town, row: str, problem: str) -> None:
    assert problems(town, f"{HEAD}\n{row}")[0] == problem


def test_an_unknown_track(town: Town) -> None:
    assert problems(town, f"{HEAD},track\n{ROW},农村") == ["第2行“track”列：只能填城市社区、涉农社区，或留空。"]


def test_a_closed_code_is_not_listed_again(town: Town) -> None:
    Organisation.objects.filter(pk=town.jindi.pk).update(closed_on=clock.today())
    assert problems(town, TOWN)[0] == "第2行“community_code”列：代码411002001001已有登记，但已撤销或在生效日尚未成立。"


def test_text_is_text(town: Town) -> None:
    bring_in(town, f"{HEAD}\n411002001,西大街道,411002001020,<script>{{{{7*7}}}}</script>\n")
    assert Organisation.objects.as_of(clock.today()).get(code="411002001020").name == "<script>{{7*7}}</script>"
