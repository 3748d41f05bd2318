"""The commands of the chain, as they are typed."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from knox.models import AuthToken

from branches.models import Ancestry, Organisation
from branches.selectors.officers import officer_named
from core.errors import Forbidden, Invalid
from core.models import User
from tests.people import Town

COMMUNITIES = str(Path(settings.BASE_DIR) / "data" / "weidu-communities.csv")


def run(*words: str, **options: object) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.mark.django_db
def test_from_an_empty_database_to_weidus_chain() -> None:
    password = run("create_account", "secadmin", organisation="411002", role="security_admin", name="钱守").strip()
    assert User.objects.get(username="secadmin").check_password(password)
    run("create_account", "office", organisation="411002-cj", role="office_director", name="王立", actor="secadmin")
    out = run("import_organisations", COMMUNITIES, "--as", "office")
    assert out == "已导入：新设街道13个、社区89个，变更0个，补登别名0个，不变0个。\n"
    assert Organisation.objects.count() == 109
    assert set(Organisation.objects.filter(level=3).values_list("opened_on", flat=True)) == {
        Organisation.objects.get(code="411002").opened_on
    }
    again = run("import_organisations", COMMUNITIES, "--as", "office")
    assert again == "已导入：新设街道0个、社区0个，变更0个，补登别名0个，不变102个。\n"


@pytest.mark.django_db
def test_the_first_account_is_the_security_administrators() -> None:
    with pytest.raises(CommandError, match="第一个账号须为"):
        run("create_account", "office", organisation="411002-cj", role="office_director", name="王立")
    assert not Organisation.objects.exists()


def test_later_accounts_need_somebody(town: Town) -> None:
    with pytest.raises(CommandError, match="--as"):
        run("create_account", "secadmin-2", organisation="411002", role="security_admin", name="钱二")
    with pytest.raises(CommandError, match="账号管理"):
        run("create_account", "x-1", organisation="411002", role="reader", name="钱二", actor="office")
    with pytest.raises(CommandError, match="没有代码"):
        run("create_account", "x-1", organisation="9", role="reader", name="钱二", actor="secadmin")


def test_import_refuses_the_wrong_person_and_a_missing_file(town: Town) -> None:
    with pytest.raises(CommandError, match="维护党组织"):
        run("import_organisations", COMMUNITIES, "--as", "community-001006")
    with pytest.raises(CommandError, match="没有账号"):
        run("import_organisations", COMMUNITIES, "--as", "nobody")
    with pytest.raises(CommandError, match="无法读取"):
        run("import_organisations", "/nowhere.csv", "--as", "office")


def test_import_lists_every_problem(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("street_code,street,community_code,community\n1,,2,\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        run("import_organisations", str(path), "--as", "office")
    assert str(refused.value).splitlines() == [
        "文件有4处问题，没有导入任何内容。",
        "第2行“street_code”列：街道代码须为9位数字。",
        "第2行“community_code”列：社区代码须为12位数字。",
        "第2行“street”列：请填写名称。",
        "第2行“community”列：请填写名称。",
    ]


def test_import_preview(town: Town) -> None:
    with pytest.raises(CommandError, match="文件有"):
        run("import_organisations", COMMUNITIES, "--as", "office", "--preview", "--starts-on", "2019-01-01")
    assert run("import_organisations", COMMUNITIES, "--as", "office", "--preview").startswith("预检：新设街道11个")
    assert not Organisation.objects.filter(code="411002002").exists()


def test_rebuild_ancestry_checks_and_mends(town: Town) -> None:
    assert run("rebuild_ancestry", "--check") == "上下级关系：应增0行，应删0行。\n"
    Ancestry.objects.filter(descendant=town.fuhou, depth=2).delete()
    with pytest.raises(CommandError, match="应增1行"):
        run("rebuild_ancestry", "--check")
    assert run("rebuild_ancestry") == "上下级关系：增1行，删0行。\n"
    run("rebuild_ancestry", "--check")


def test_issue_token_opens_the_api(town: Town, client: Client) -> None:
    token = run("issue_token", "viewer").strip()
    assert AuthToken.objects.get().user == town.reader.user
    answer = client.get("/api/v1/organisations/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200
    with pytest.raises(CommandError, match="没有账号"):
        run("issue_token", "nobody")


def test_officer_named(town: Town) -> None:
    assert officer_named("office").label == "区创建办主任 王立"
    with pytest.raises(Invalid):
        officer_named("nobody")
    User.objects.filter(username="office").update(is_active=False)
    with pytest.raises(Forbidden):
        officer_named("office")
