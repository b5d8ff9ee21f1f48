"""Help texts in the user's language: the English text of an option is its key in the catalogue."""

from inspect import cleandoc
from pathlib import Path

import click
from click.formatting import wrap_text

from kheo.reporting.catalogue import Words, choose_words

_ARGUMENTS = f"{__name__}.arguments"


class TranslatedCommand(click.Command):
    """A command that prints its help in the language of ``--lang``, the environment or the site."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the arguments: ``--help`` is handled before the values of other options are known."""
        ctx.meta[_ARGUMENTS] = list(args)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, f"{words_of(ctx).say('Usage')}: ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for paragraph in paragraphs(self):
            text = words_of(ctx).plain(paragraph)
            formatter.write_paragraph()
            formatter.write(wrap_text(text, formatter.width, "  ", "  ") + "\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = words_of(ctx)
        records = [
            _translate(option, *record, words)
            for option in self.get_params(ctx)
            if isinstance(option, click.Option) and (record := option.get_help_record(ctx))
        ]
        with formatter.section(words.say("Options")):
            formatter.write_dl(records)


class TranslatedGroup(TranslatedCommand, click.Group):
    """A group of commands, each listed with the first paragraph of its help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        words = words_of(ctx)
        rows = []
        for name in self.list_commands(ctx):
            if command := self.get_command(ctx, name):
                rows.append((name, words.plain(paragraphs(command)[0])))
        with formatter.section(words.say("Commands")):
            formatter.write_dl(rows)


def last_value(args: list[str], option: str) -> str:
    """Return the last value given for ``option``, as ``--lang vi`` or ``--lang=vi``; "" for none."""
    value = ""
    for number, word in enumerate(args):
        if word == option:
            value = args[number + 1] if number + 1 < len(args) else ""
        elif word.startswith(f"{option}="):
            value = word.partition("=")[2]
    return value


def words_of(ctx: click.Context) -> Words:
    """Return the catalogue for ``--lang``, the environment, or the site in ``--content``."""
    args = ctx.meta[_ARGUMENTS]
    content = last_value(args, "--content") or "content"
    return choose_words(last_value(args, "--lang"), Path(content))


def program_name() -> str:
    """Return the program as it was run, for messages: ``kheo``, ``python build.py``."""
    return click.get_current_context().find_root().info_name or "kheo"


def paragraphs(command: click.Command) -> list[str]:
    """Split the help of a command into paragraphs, each on one line: keys of the catalogue."""
    text = cleandoc(command.help or "")
    return [" ".join(part.split()) for part in text.split("\n\n")]


def _translate(option: click.Option, spec: str, text: str, words: Words) -> tuple[str, str]:
    """Translate the help of an option and the note ``[default: …]`` that click adds to it."""
    text = text.replace(option.help or "", words.plain(option.help or ""), 1)
    if isinstance(option.show_default, str):
        text = text.replace(option.show_default, words.plain(option.show_default))
    return spec, text.replace("[default: ", f"[{words.say('default')}: ")
