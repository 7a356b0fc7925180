"""The house: what stands at the top, what the papers say, and floors that hold."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.conf import settings
from ruamel.yaml import YAML

ROOT = Path(settings.BASE_DIR)
FIXED = {
    *(
        "manage.py",
        "nss_portal",
        "cities",
        "activities",
        "contracts",
        "governance",
        "templates",
        "static",
        "tests",
    ),
    *("pyproject.toml", "docker-compose.yml", "README.md"),
}
EXPECTED_BY_TOOLS = {
    *("Makefile", "Dockerfile", "uv.lock", "package.json", "package-lock.json", "locale", "docs"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "publiccode.yml"),
}


def tracked() -> list[str]:
    """Give the files that belong to the project."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def read_yaml(name: str) -> dict[str, object]:
    return dict(YAML(typ="safe").load((ROOT / name).read_text()))


def test_the_top_level_is_the_one_that_was_agreed() -> None:
    top = {name.split("/")[0] for name in tracked()}
    assert top >= FIXED
    assert {name for name in top - FIXED - EXPECTED_BY_TOOLS if not name.startswith(".")} == set()


def test_no_app_stands_beside_the_four() -> None:
    apps = {Path(name).parts[0] for name in tracked() if Path(name).name == "apps.py"}
    assert apps == {"nss_portal", "cities", "activities", "contracts", "governance"}


def test_the_licence_is_the_eupl() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "15.Applicable Law" in text
    assert "‘Compatible Licences’ according to Article 5 EUPL are" in text


def test_publiccode_names_what_the_standard_asks_for() -> None:
    code = read_yaml("publiccode.yml")
    assert code["publiccodeYmlVersion"] == "0.4"
    required = {
        "name",
        "url",
        "platforms",
        "categories",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
    }
    assert code.keys() >= required | {"maintenance", "localisation"}
    assert code["legal"] == {"license": "EUPL-1.2"}
    for texts in code["description"].values():  # type: ignore[attr-defined]
        assert 0 < len(texts["shortDescription"]) <= 150
        assert 150 <= len(texts["longDescription"]) <= 10_000
        assert texts["features"]


def test_compose_brings_up_every_part_and_holds_no_secret() -> None:
    compose = read_yaml("docker-compose.yml")
    services = compose["services"]
    assert set(services) >= {"web", "worker", "clock", "postgres", "redis", "proxy"}  # type: ignore[call-overload]
    text = (ROOT / "docker-compose.yml").read_text()
    assert re.findall(r"(?:SECRET_KEY|PASSWORD|EMAIL_URL): (?!\$\{)", text) == []


def settings_read() -> set[str]:
    """Give the names of all variables that the settings and the supervisor read."""
    pattern = re.compile(r"""(?:env\.\w+|environ\.get|CHOICE =)\s*\(?\s*["']([A-Z_]+)["']""")
    sources = [*(ROOT / "nss_portal/settings").glob("*.py"), *(ROOT / "nss_portal/supervisor").glob("*.py")]
    return {name for source in sources for name in pattern.findall(source.read_text())}


def test_every_setting_is_told_of() -> None:
    told = (ROOT / "docs/settings.md").read_text()
    internal = {"NSS_SUPERVISED", "NSS_READY_NOTE", "PATH"}
    assert "DATABASE_URL" in settings_read()
    assert {name for name in settings_read() - internal if f"`{name}`" not in told} == set()


@pytest.mark.slow
def test_floors_are_held(tmp_path: Path) -> None:
    """A lower floor that imports a higher one is reported: the check bites."""
    for name in ("low", "high"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("import high\n" if name == "low" else "")
    (tmp_path / "pyproject.toml").write_text(
        textwrap.dedent(
            """
            [tool.importlinter]
            root_packages = ["low", "high"]
            [[tool.importlinter.contracts]]
            name = "floors"
            type = "layers"
            layers = ["high", "low"]
            """
        )
    )
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    broken = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "low is not allowed to import high" in broken.stdout
    assert broken.returncode == 1
    held = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert held.returncode == 0, held.stdout
