"""``--lang``, as every command has it."""

import click

from generator.catalogue import known_language, languages


def _known(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if value and not known_language(value):
        raise click.BadParameter(f"the program speaks {', '.join(languages())}")
    return value


lang_option = click.option(
    "--lang",
    default="",
    callback=_known,
    metavar="LANGUAGE",
    help="Of messages; else that of LANG, else that of the site.",
)
