"""The one-way street and the rooms of an app, as written in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.ground import APPS, ROOT


def test_the_import_contracts_hold() -> None:
    command = [sys.executable, str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_contract_names_every_app_in_its_order() -> None:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    street = next(contract for contract in configured["contracts"] if contract["id"] == "street")
    assert street["layers"] == list(reversed(APPS))
    assert configured["root_packages"] == list(APPS)
