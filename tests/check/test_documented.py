"""docs/checks.md has a line for every code; the hook runs what this program has."""

import re
import tomllib

import pytest
import yaml
from support import ROOT

from kheo.messages.rules import RULES

PAGE = ROOT / "docs/checks.md"


def table() -> str:
    lines = ["| code | what it says | what to do | `--fix` |", "| --- | --- | --- | --- |"]
    for code, rule in RULES.items():
        cells = (f"`{code}`", rule.message, rule.hint, rule.fixed)
        kind = " (warning)" if rule.severity == "warning" else ""
        name, *rest = (
            cell.replace("{{", "{").replace("}}", "}").replace("|", "\\|") for cell in cells
        )
        lines.append(f"| {name}{kind} | {' | '.join(rest)} |")
    return "\n".join(lines)


def test_every_code_has_its_line(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    filled = re.sub(r"(<!-- codes -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{table()}\n{m[2]}", text, flags=re.DOTALL)  # fmt: skip
    if request.config.getoption("--update"):
        PAGE.write_text(filled, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == filled


def test_every_code_of_the_linter_is_in_the_docs_of_its_severity() -> None:
    """Only ``control-character`` is an error of the build that ``check --fix`` fixes too."""
    assert {code for code, rule in RULES.items() if rule.fixed and rule.severity == "error"} == {
        "control-character"
    }


def test_the_hook_runs_a_command_that_is_installed() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, command = hook["entry"].split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert program in project["scripts"]
    assert command == "check"
    assert re.search(hook["files"], "content/articles/2026/bai.md")
    assert re.search(hook["files"], "site/content/site.yaml")
    assert not re.search(hook["files"], "docs/checks.md")


def test_every_rule_of_the_linter_has_a_case() -> None:
    cases = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "tests/check/cases").glob("*.txt")
    )
    rules = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "generator/kheo/lint").glob("*.py")
    )
    codes = {code for code in RULES if f'Finding("{code}"' in rules or f'"{code}",\n' in rules}
    assert len(codes) >= 20
    assert {code for code in codes if f" {code}: " not in cases} == set()
