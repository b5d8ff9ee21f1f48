"""The workflows for GitHub and GitLab: what they say, and what their commands do in a fresh copy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from support import ROOT, Site, tree

GITHUB = ROOT / ".github/workflows/publish.yml"
TESTS = ROOT / ".github/workflows/test.yml"
GITLAB = ROOT / ".gitlab-ci.yml"
LOCKS = ("requirements.lock", "requirements-run.lock")
Job = dict[str, Any]
NOW = {"SOURCE_DATE_EPOCH": "1795471250"}


def github() -> dict[str, Any]:
    # BaseLoader: to YAML 1.1 the key `on` is the value true.
    data: dict[str, Any] = yaml.load(GITHUB.read_text(encoding="utf-8"), yaml.BaseLoader)
    return data


def gitlab() -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(GITLAB.read_text(encoding="utf-8"), yaml.BaseLoader)
    return data


def steps(job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = github()["jobs"][job]["steps"]
    return found


# --- what they say ------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [GITHUB, TESTS])
def test_actions_are_pinned_by_their_commits(file: Path) -> None:
    used = re.findall(r"uses: *(.*)", file.read_text(encoding="utf-8"))
    assert len(used) >= 2
    for one in used:
        assert re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)


def test_permissions_are_the_least() -> None:
    workflow = github()
    assert workflow["permissions"] == {}
    permissions = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert permissions == {
        "check": {"contents": "read"},
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
        "result": {},
    }
    assert "pull_request_target" not in workflow["on"]
    for job in ("check", "build"):
        checkout = steps(job)[0]
        assert checkout["with"]["persist-credentials"] == "false"
    # An expression in a command would let a branch's name be a command.
    assert [
        step for job in workflow["jobs"] for step in steps(job) if "${{" in step.get("run", "")
    ] == []


def test_every_supported_python_is_tested_as_the_readme_says() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    classifier = "Programming Language :: Python :: 3."
    supported = [one[-4:] for one in project["classifiers"] if one.startswith(classifier)]
    assert supported[0] == project["requires-python"].removeprefix(">=")
    workflow = yaml.load(TESTS.read_text(encoding="utf-8"), yaml.BaseLoader)
    job = workflow["jobs"]["test"]
    assert job["strategy"]["matrix"]["python-version"] == supported
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "read"}
    assert job["steps"][-1]["run"] in (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_runs_for_proposals_pushes_and_by_the_clock() -> None:
    when = github()["on"]
    assert when["push"] == {"branches": ["main"]}
    assert "pull_request" in when
    minute, *others = when["schedule"][0]["cron"].split()
    assert 0 < int(minute) < 60
    assert others == ["*"] * 4
    assert "'publish'" in github()["concurrency"]["group"], "one after another"
    jobs = github()["jobs"]
    assert jobs["check"]["if"] == "github.event_name == 'pull_request'"
    assert jobs["build"]["if"] == "github.event_name != 'pull_request'"
    assert jobs["deploy"]["needs"] == "build"
    assert all(int(job["timeout-minutes"]) <= 30 for job in jobs.values())


def test_one_bad_report_holds_back_no_other_and_the_run_ends_red() -> None:
    """What is good is uploaded and deployed whatever the build answers; then a job fails."""
    jobs = github()["jobs"]
    (build,) = (step for step in steps("build") if step.get("id") == "build")
    assert build["continue-on-error"] == "true"
    assert "--keep-going" in build["run"]
    assert "--strict" not in build["run"], "a warning is no reason for a red run every hour"
    assert jobs["build"]["outputs"] == {"outcome": "${{ steps.build.outcome }}"}
    assert jobs["result"]["needs"] == ["build", "deploy"]
    condition = jobs["result"]["if"]
    assert "!cancelled()" in condition, "also where there is nothing to deploy"
    assert "needs.build.outputs.outcome != 'success'" in condition
    assert gitlab()["result"]["needs"] == ["pages"]
    assert gitlab()["pages"]["artifacts"]["reports"] == {"dotenv": "build.env"}


def test_store_and_output_are_kept_from_run_to_run() -> None:
    cache = next(
        step["with"] for step in steps("build") if "actions/cache@" in step.get("uses", "")
    )
    assert cache["path"].split() == [".cache", "output"] == gitlab()["pages"]["cache"]["paths"][:2]
    assert "github.run_id" in cache["key"], "a key is written once"
    prefixes = cache["restore-keys"].split("\n")
    assert cache["key"].startswith(prefixes[0])
    assert next(step["with"] for step in steps("build") if "upload" in step.get("uses", "")) == {
        "path": "output"
    }


def test_the_program_is_that_of_the_checkout(checkout: Path) -> None:
    """Only packages are installed, so PYTHONPATH has to say where the program is."""
    assert gitlab()["variables"]["PYTHONPATH"] == github()["env"]["PYTHONPATH"]
    where = run(["python -c 'import kheo; print(kheo.__file__)'"], checkout)
    assert Path(where.stdout.strip()).resolve().is_relative_to(checkout.resolve())


def test_both_install_what_is_locked() -> None:
    install = "pip install --require-hashes -r requirements-run.lock"
    assert gitlab()["before_script"] == [install]
    for job in ("check", "build"):
        assert install in [step.get("run") for step in steps(job)]
    assert install in (ROOT / "docs/publishing.md").read_text(encoding="utf-8")


# --- what they do -------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return fresh_copy(tmp_path / "checkout")


@pytest.fixture(scope="module")
def built(sample: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose build by GitHub's commands went well, at NOW. Pictures are made already."""
    folder = fresh_copy(tmp_path_factory.mktemp("built") / "checkout")
    shutil.copytree(sample.options.cache / "pictures", folder / ".cache/pictures")
    result = run(github_commands("build"), folder, **NOW)
    assert result.returncode == 0, result.stderr
    assert " 0 unchanged" in result.stdout
    return folder


def later_copy(built: Path, folder: Path) -> Path:
    """A new checkout that finds store and output of a run before, as CI keeps them."""
    later = fresh_copy(folder)
    for name in (".cache", "output"):
        shutil.copytree(built / name, later / name)
    return later


def fresh_copy(folder: Path) -> Path:
    """What a build needs of the repository."""
    folder.mkdir()
    for name in ("content", "templates", "generator"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "build.py", folder)
    return folder


def commands(*lists: list[str]) -> list[str]:
    """All but the installation, which this environment stands for."""
    return [line for one in lists for line in one if not line.startswith("pip install ")]


def github_commands(job: str) -> list[str]:
    return commands([step["run"] for step in steps(job) if "run" in step])


def gitlab_commands(job: str) -> list[str]:
    return commands(gitlab()["before_script"], gitlab()[job]["script"])


def run(lines: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The lines as CI runs them, in one shell that ends at the first that fails."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1", "CI": "true", "LANGUAGE": "en", "BASE_URL": "https://editors.github.io/site/",
        "CI_PAGES_URL": "https://editors.gitlab.io/site", "PYTHONPATH": github()["env"]["PYTHONPATH"],
    }  # fmt: skip
    assert lines
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(lines)],
        cwd=folder, env=environment | more, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_build_of_github(built: Path) -> None:
    home = (built / "output/index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://editors.github.io/site/">' in home


def test_the_next_run_finds_store_and_output(built: Path, tmp_path: Path) -> None:
    later = later_copy(built, tmp_path / "later")
    second = run(github_commands("build"), later, **NOW)
    assert " 0 written" in second.stdout, second.stdout
    assert tree(later / "output") == tree(built / "output")


def test_the_timer_publishes_what_is_due(built: Path, tmp_path: Path) -> None:
    later = later_copy(built, tmp_path / "later")

    def articles(moment: str) -> int:
        result = run(github_commands("build"), later, SOURCE_DATE_EPOCH=moment)
        assert result.returncode == 0, result.stderr
        return int(re.findall(r"(\d+) articles", result.stdout)[0])

    assert articles("1795471250") < articles("1900000000")


WRONG = """\
---
title: Bài sai
date: {date}
category: Tin tức
---

![Ảnh](khong-co.jpg)
"""


def test_the_good_reports_are_published_and_the_run_ends_red(built: Path, tmp_path: Path) -> None:
    """Both before and after the date of a scheduled report with an error, and without it."""
    later = later_copy(built, tmp_path / "later")
    articles = later / "content/articles"
    for date in ("2030-01-01", "2026-01-01"):
        good = WRONG.replace("Bài sai", f"Bài {date[:4]}").replace("![Ảnh](khong-co.jpg)", "Tốt.")
        (articles / f"tot-{date}.md").write_text(good.format(date="2026-01-01"), encoding="utf-8")
        (articles / "sai.md").write_text(WRONG.format(date=date), encoding="utf-8")
        result = run(github_commands("build"), later, **NOW)
        assert result.returncode == 1
        assert "sai.md" in result.stdout
        assert (later / f"output/tin-tuc/bai-{date[:4]}/index.html").exists()
        assert not (later / "output/tin-tuc/bai-sai").exists()
        assert run(github_commands("result"), later).returncode == 1
        assert run(gitlab_commands("pages"), later, **NOW).returncode == 0, (
            "so that it is published"
        )
        status = (later / "build.env").read_text(encoding="utf-8").strip()
        assert status == "BUILD_STATUS=1"
        assert (later / f"public/tin-tuc/bai-{date[:4]}/index.html").exists()
        lines = gitlab()["result"]["script"]
        assert run(lines, later, BUILD_STATUS="1").returncode == 1
        assert run(lines, later, BUILD_STATUS="0").returncode == 0


@pytest.mark.parametrize("lines", [github_commands("check"), gitlab_commands("check")])
def test_what_is_proposed_is_checked(built: Path, tmp_path: Path, lines: list[str]) -> None:
    checkout = later_copy(built, tmp_path / "checkout")
    assert run(lines, checkout).returncode == 0
    article = checkout / "content/articles/wrong.md"
    article.write_text("---\ntitle: Sai\ndate: 2026-02-30\ncatgory: X\n---\nA.\n", encoding="utf-8")
    result = run(lines, checkout)
    assert result.returncode == 1
    assert "wrong.md" in result.stdout + result.stderr


def test_what_is_wrong_is_shown_at_its_line(built: Path, tmp_path: Path) -> None:
    checkout = later_copy(built, tmp_path / "checkout")
    article = checkout / "content/articles/wrong.md"
    article.write_text(
        "---\ntitle: Sai\ndate: 2026-02-30\ncategory: X\n---\nA.\n", encoding="utf-8"
    )
    result = run(github_commands("check"), checkout)
    assert re.search(
        r"^::error file=content/articles/wrong\.md,line=3,", result.stdout, re.MULTILINE
    )


def test_what_a_proposal_brings_is_no_cache(checkout: Path) -> None:
    """What is remembered is trusted: somebody could have written it."""
    (checkout / ".cache").mkdir()
    (checkout / ".cache/store.sqlite").write_bytes(b"forged")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x.example"]
    subprocess.run([*git, "init", "-q"], cwd=checkout, check=True)
    subprocess.run([*git, "add", "-f", ".cache"], cwd=checkout, check=True)
    for job in ("check", "build"):
        assert run(github_commands(job)[:1], checkout).returncode == 1
        assert "pip install" in steps(job)[2]["run"], "before anything of the project runs"


def test_the_build_of_gitlab(built: Path, tmp_path: Path) -> None:
    checkout = later_copy(built, tmp_path / "checkout")
    for _ in range(2):  # also where `public` is left from the run before
        result = run(gitlab_commands("pages"), checkout)
        assert result.returncode == 0, result.stderr
        assert tree(checkout / "public") == tree(checkout / "output")
    assert gitlab()["pages"]["artifacts"]["paths"] == ["public"]
    home = (checkout / "public/index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://editors.gitlab.io/site/">' in home


# --- locked packages ----------------------------------------------------------------------------


def pins(name: str) -> dict[str, Requirement]:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pin, *hashes = re.split(r" +--hash=", line)
            assert hashes, f"{pin} has no hash"
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one.strip()) for one in hashes)
            requirement = Requirement(pin)
            assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), pin
            found[canonical(requirement.name)] = requirement
    return found


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(("lock", "extras"), [(LOCKS[0], ("test", "serve")), (LOCKS[1], ())])
def test_the_lock_has_what_the_program_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    locked = pins(lock)
    for one in map(Requirement, wanted):
        if one.name == project["name"]:  # `kheo[serve]`: an extra that has another
            continue
        pin = locked.get(canonical(one.name))
        assert pin, f"{one.name} is not in {lock}: run .ci/lock"
        assert one.specifier.contains(str(pin.specifier)[2:]), f"{one} is not {pin}: run .ci/lock"


def test_what_is_built_with_is_what_was_tested() -> None:
    whole, part = pins(LOCKS[0]), pins(LOCKS[1])
    assert {n: one.specifier for n, one in part.items()} == {n: whole[n].specifier for n in part}
