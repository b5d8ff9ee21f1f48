"""The three settings of a new site: options, answers in a terminal, or defaults."""

import sys
from pathlib import Path

import click
from msgspec import Struct, structs

from kheo.commands.new_files import file_in_the_way, is_empty
from kheo.commands.starter import GOOD, Key, mistakes
from kheo.diagnostics import Diagnostic
from kheo.read.language_file import find_languages
from kheo.reporting.catalogue import Words, known_language


class Answers(Struct, frozen=True, kw_only=True):
    """The settings; ``None`` for what is not known yet."""

    title: str | None = None
    language: str | None = None
    base_url: str | None = None

    def given(self) -> dict[Key, str]:
        keys: tuple[Key, ...] = ("title", "language", "base_url")
        return {key: value for key in keys if (value := getattr(self, key)) is not None}


def option_of(key: Key) -> str:
    return "--" + key.replace("_", "-")


def refuse(folder: Path, given: Answers, add: bool, words: Words) -> None:
    """Raise UsageError that tells everything that is wrong. Raises OSError."""
    wrong = []
    if file := file_in_the_way(folder):
        wrong.append(words.say("{path} is a file, not a folder", path=file))
    elif not add and not is_empty(folder):
        wrong.append(
            words.say(
                "{path} is not empty: choose another folder, or add what is missing with `--add`",
                path=folder,
            )
        )
    known = find_languages(folder / "templates")
    for key, value in given.given().items():
        found = [words.whole(d) for d in mistakes(key, value, known)]
        wrong += [f"{option_of(key)}: {text}" for text in found]
    if wrong:
        raise click.UsageError("\n".join(wrong))


def complete(given: Answers, folder: Path, yes: bool, words: Words) -> Answers:
    """Return all three settings. Raises UsageError if some are missing and nobody can be asked."""
    questions: dict[Key, tuple[str, str]] = {  # each with the answer that Enter gives
        "title": (words.say("Name of the site"), ""),
        "language": (words.say("Language"), words.language),
        "base_url": (words.say("URL of the site (it can be changed later)"), GOOD["base_url"]),
    }
    missing = [key for key in questions if key not in given.given()]
    if missing and not yes and not sys.stdin.isatty():
        options = ", ".join(f"`{option_of(key)}`" for key in missing)
        raise click.UsageError(
            words.say(
                "this is no terminal, so nothing was asked: add {options}, or `--yes` for the defaults",
                options=options,
            )
        )
    for key in missing:
        question, default = questions[key]
        if yes:
            answer = default or _words_of(given, words).say("Our news")
        else:
            answer = _ask(key, question, default, find_languages(folder / "templates"), words)
        given = structs.replace(given, **{key: answer})
    return given


def _words_of(given: Answers, words: Words) -> Words:
    """Return the words of the site's language, if there are any."""
    return Words(known_language(given.language or "") or words.language)


def _ask(key: Key, question: str, default: str, known: list[str], words: Words) -> str:
    while True:
        answer: str = click.prompt(question, default=default, show_default=bool(default)).strip()
        found: list[Diagnostic] = mistakes(key, answer, known)
        if not found:
            return answer
        click.echo("\n".join(map(words.whole, found)), err=True)
