"""What an installation relies on: the example environment, the pinned requirements, compose, the units."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.ground import ROOT, find, tracked_files

READERS = {"str", "list", "bool", "int", "db_url", "_required", "_secret"}
# Read by the web server's settings and by `./run`, not by the application.
OF_THE_SERVER = {"PORT", "WEB_WORKERS"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


# -- .env.example


def names_read_by_env() -> set[str]:
    calls = [node for node in ast.walk(ast.parse(text_of("weidu_portal/env.py"))) if isinstance(node, ast.Call)]
    named = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in READERS]
    constants = [argument.value for call in named for argument in call.args if isinstance(argument, ast.Constant)]
    return {value for value in constants if isinstance(value, str) and value.isupper()}


def names_read_by_compose() -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{(\w+)", text_of("docker-compose.yml")))


def test_the_example_environment_is_complete_and_names_nothing_else() -> None:
    named = re.findall(r"(?m)^#?([A-Z][A-Z_]+)=", text_of(".env.example"))
    assert sorted(named) == sorted(names_read_by_env() | names_read_by_compose() | OF_THE_SERVER)


def test_the_example_environment_holds_no_secret() -> None:
    values = dict(re.findall(r"(?m)^([A-Z][A-Z_]+)=(.*)$", text_of(".env.example")))
    assert [values[name] for name in ("SECRET_KEY", "AUDIT_KEY", "POSTGRES_PASSWORD")] == ["", "", ""]


# -- requirements


def requirement_lines(name: str) -> list[str]:
    lines = [line.strip() for line in text_of(name).splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


def pins(name: str) -> dict[str, Version]:
    """The pinned versions of a lock file by canonical name."""
    found = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", text_of(name))
    return {canonicalize_name(package): Version(version) for package, version in found}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-floor.txt"])
def test_every_requirement_says_why_it_is_there(name: str) -> None:
    lines = requirement_lines(name)
    assert lines != []
    assert [line for line in lines if not re.search(r"\s# \S.{4,}$", line)] == []


@pytest.mark.parametrize(
    ("source", "lock"), [("requirements.txt", "requirements.lock"), ("requirements-dev.txt", "requirements-dev.lock")]
)
def test_the_lock_holds_every_requirement_at_its_version(source: str, lock: str) -> None:
    wanted = [Requirement(line.partition(" #")[0]) for line in requirement_lines(source)]
    locked = pins(lock)
    assert [str(one) for one in wanted if str(one.specifier) != f"=={locked.get(canonicalize_name(one.name))}"] == []


def test_the_development_lock_holds_the_run_time_lock_whole() -> None:
    development = pins("requirements-dev.lock")
    assert {
        name: version for name, version in pins("requirements.lock").items() if development.get(name) != version
    } == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_a_hash_and_no_registry_is_named(lock: str) -> None:
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", text_of(lock))[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"(?m)^--\S*(?:index|find-links).*$|://", text_of(lock)) == []


def test_no_version_is_below_its_floor() -> None:
    locked = pins("requirements.lock")
    floors = [Requirement(line.partition(" #")[0]) for line in requirement_lines("requirements-floor.txt")]
    below = [str(floor) for floor in floors if not floor.specifier.contains(locked[canonicalize_name(floor.name)])]
    assert below == []


# -- compose, image, units


def compose() -> dict:
    return yaml.safe_load(text_of("docker-compose.yml"))


def test_compose_has_its_services_and_their_health() -> None:
    services = compose()["services"]
    assert set(services) == {"setup", "web", "worker", "beat", "db", "redis", "proxy"}
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"setup", "beat"}


def test_compose_refers_to_what_it_declares() -> None:
    content = compose()
    services = content["services"]
    awaited = {name for service in services.values() for name in service.get("depends_on", {})}
    mounted = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])}
    assert awaited <= set(services)
    assert {name for name in mounted if not name.startswith(".")} == set(content["volumes"])
    assert [name for name in mounted if name.startswith(".") and not (ROOT / name).is_file()] == []


def test_only_the_proxy_is_published() -> None:
    assert [name for name, service in compose()["services"].items() if "ports" in service] == ["proxy"]


def test_docker_reads_the_compose_file() -> None:
    if not shutil.which("docker"):
        pytest.skip("no docker")
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker without its compose plugin")
    result = subprocess.run(
        ["docker", "compose", "config", "--quiet"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_the_proxy_says_who_asks_and_how() -> None:
    headers = dict(re.findall(r"(?m)^proxy_set_header (\S+) (.+);$", text_of("deploy/nginx/proxy_headers.conf")))
    wanted = {"X-Real-IP": "$remote_addr", "X-Forwarded-Proto": "$scheme", "X-Forwarded-For": '""'}
    assert {name: headers.get(name) for name in wanted} == wanted


def test_the_proxy_sends_files_only_when_the_portal_says_so() -> None:
    (prefix,) = re.findall(r'FILE_ACCEL_PREFIX = "([^"]+)"', text_of("weidu_portal/settings.py"))
    (location,) = re.findall(rf"(?s)location {prefix} {{(.*?)}}", text_of("deploy/nginx/portal.conf"))
    assert [line.strip() for line in location.strip().splitlines()] == [
        "internal;",
        "alias /data/files/;",
        "add_header X-Content-Type-Options nosniff always;",
    ]
    assert "data:/data:ro" in compose()["services"]["proxy"]["volumes"]


@pytest.mark.parametrize("kind", ["web", "worker", "beat"])
def test_a_unit_runs_in_production_as_its_own_user(kind: str) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read(ROOT / "deploy" / "systemd" / f"weidu-portal-{kind}.service", "utf-8")
    service = unit["Service"]
    assert service["User"] == "portal"
    assert "PORTAL_MODE=production" in service["Environment"]
    assert service["ExecStart"].startswith("/opt/weidu-portal/.venv/bin/python -m ")


def test_only_one_clock_runs_in_production() -> None:
    commands = [service.get("command", "") for service in compose()["services"].values()]
    assert [command for command in commands if " -B" in command] == []
    assert len([command for command in commands if " beat " in command]) == 1


# -- the repository


def test_no_path_of_a_developers_machine_is_committed() -> None:
    homes = "|".join(["/" + "home/", "/" + "root/", "/" + "Users/", "/" + "work/", "/" + "tmp/brief", "/opt/" + "pypi"])
    hits = []
    for path in tracked_files():
        try:
            hits += find(rf"(?<![\w.$}}])(?:{homes})\w", path.read_text("utf-8"), path)
        except UnicodeDecodeError:
            continue
    assert [str(hit) for hit in hits] == []
