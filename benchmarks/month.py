"""``python -m benchmarks.month``: a site that is left alone, built every hour of a month.

The command is that of the workflows. Reports are scheduled for all times of the month, expire, and link
to each other in every way; some are drafts. Editors add a report now and then; some of these have a
mistake, which is corrected a day later. A build may end red only while there is a mistake; all other
reports that are due are always there, and no URL is ever lost.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
START = datetime(2026, 11, 1, tzinfo=UTC)
HOURS = 31 * 24
SITE = """\
title: Month
base_url: https://month.example/
language: en
timezone: UTC
page_size: 5
publisher: {name: Editors}
menu: [{title: News, link: News}, {title: First, link: articles/r0.md}, {title: Late, link: Late}]
"""
CATEGORIES = ("News", "News > Local", "Notices", "Late", "Events")
MISTAKES = {
    "a missing picture": ("", "![a](nowhere.jpg)"),
    "a wrong key": ("catgory: x\n", ""),
    "an impossible date": ("updated: 2026-02-31\n", ""),
    "a URL that is taken": ("slug: r0\n", ""),
    "a missing file": ("attachments: nowhere.pdf\n", ""),
}


@dataclass
class Report:
    """A report that was written, as the editors mean it."""

    number: int
    date: datetime
    category: str
    expires: datetime | None
    is_draft: bool = False
    mistake: str = ""
    fixed_at: int = 0  # hour

    @property
    def url(self) -> str:
        folder = self.category.lower().replace(" > ", "/")
        return f"/{folder}/r{self.number}/"


@dataclass
class Month:
    """The site, its reports, and what happened."""

    folder: Path
    chance: random.Random
    reports: list[Report] = field(default_factory=list)
    red: int = 0
    changes: int = 0

    def write(self, report: Report) -> None:
        keys, text = MISTAKES.get(report.mistake, ("", ""))
        front = f"title: Report {report.number}\ndate: {report.date:%Y-%m-%d %H:%M}\n"
        front += f"category: {report.category}\nauthor: Author {report.number % 7}\n"
        if "slug" not in keys:
            front += f"slug: r{report.number}\naliases: /old/{report.number}/\n"
        if report.expires:
            front += f"expires: {report.expires:%Y-%m-%d %H:%M}\n"
        if report.is_draft:
            front += "draft: true\n"
        body = (
            f"Text. {text}\n\n[form](form.pdf)\n\n{self.links(report)}\n\n<!-- page -->\n\nMore.\n"
        )
        file = self.folder / f"content/articles/r{report.number}.md"
        file.write_text(f"---\n{front}{keys}---\n\n{body}", encoding="utf-8")

    def links(self, report: Report) -> str:
        """Return links to sources and addresses that exist at some time."""
        good = [one for one in self.reports if not (one.is_draft or one.mistake)]
        lines = []
        for one in self.chance.sample(good, min(len(good), 6)):
            ways = (
                f"r{one.number}.md", one.url, f"{one.url}page/2/", f"{one.url}form.pdf",
                f"/old/{one.number}/", f"/{one.category.lower().split(' > ')[0]}/page/2/",
            )  # fmt: skip
            lines.append(
                f"[to {one.number}]({self.chance.choice(ways[: 5 if one.number % 3 else 6])})"
            )
        return " ".join(lines) or report.category

    def add(self, hour: int, is_new: bool) -> None:
        chance, now = self.chance, START + timedelta(hours=hour)
        date = now + timedelta(hours=chance.randint(-300, 500))
        lasts = timedelta(hours=chance.randint(2, 600))
        report = Report(
            number=len(self.reports),
            date=date,
            category=CATEGORIES[len(self.reports) % len(CATEGORIES)],
            expires=date + lasts if chance.random() < 0.4 else None,
            is_draft=chance.random() < 0.1,
        )
        if is_new and chance.random() < 0.4:
            report.mistake, report.fixed_at = chance.choice(list(MISTAKES)), hour + 24
            report.is_draft = False
            if report.mistake == "a URL that is taken":
                report.category = CATEGORIES[0]
        self.reports.append(report)
        self.write(report)

    def correct(self, hour: int) -> None:
        for report in self.reports:
            if report.mistake and report.fixed_at == hour:
                report.mistake = ""
                self.write(report)

    def check(self, hour: int) -> None:
        """Build, and look at the result."""
        now = START + timedelta(hours=hour)
        command = [sys.executable, str(ROOT / "build.py"), "--keep-going", "--now", now.isoformat(),
                   "--templates", str(ROOT / "templates"), "--lang", "en"]  # fmt: skip
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        mistakes = [one.mistake for one in self.reports if one.mistake]
        assert done.returncode == bool(mistakes), (now, mistakes, done.stdout, done.stderr)
        self.red += done.returncode
        self.changes += " 0 written" not in done.stdout
        for report in self.reports:
            pages = self.folder / f"output{report.url}"
            is_due = report.date <= now and not (report.is_draft or report.mistake)
            assert (pages / "index.html").exists() == is_due, (now, report, done.stderr)
            assert (pages / "page/2/index.html").exists() == is_due, (now, report)
            is_over = report.expires is not None and report.expires <= now
            assert (pages / "form.pdf").exists() == (is_due and not is_over), (now, report)


def run(folder: Path, reports: int, hours: range, seed: int) -> Month:
    """Write the site and live through the hours. Raises AssertionError."""
    (folder / "content/articles").mkdir(parents=True)
    (folder / "content/site.yaml").write_text(SITE, encoding="utf-8")
    (folder / "content/articles/form.pdf").write_bytes(b"%PDF-1.4")
    month = Month(folder, random.Random(seed))
    first = Report(0, START - timedelta(days=99), CATEGORIES[0], None)
    month.reports.append(first)
    month.write(first)
    for _ in range(reports - 1):
        month.add(0, is_new=False)
    for hour in hours:
        month.correct(hour)
        if hour % 20 == 10:
            month.add(hour, is_new=True)
        month.check(hour)
    return month


def main() -> None:
    """Live through a month and print what happened."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.month")
    parser.add_argument("--reports", type=int, default=60, help="at the beginning")
    parser.add_argument("--hours", type=int, default=HOURS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kheo-month-"))
    try:
        month = run(folder / "site", given.reports, range(given.hours), given.seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    written = len(month.reports)
    print(
        f"{given.hours} builds of {given.reports} to {written} reports; {month.changes} changed the"
    )
    print(f"site; {month.red} ended red, each while an edit was wrong; nothing good was held back.")


if __name__ == "__main__":
    main()
