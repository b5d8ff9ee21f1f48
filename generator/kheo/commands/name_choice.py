"""Names given to ``new``: ask about one that is nearly an old one, and refuse what a build refuses."""

from collections.abc import Callable

import click
from msgspec import Struct

from kheo.commands.new_source import KnownNames
from kheo.config import SiteConfig
from kheo.diagnostics import Place, diagnostic
from kheo.index.name_problems import UNKNOWN
from kheo.library import Taxonomy
from kheo.reporting.catalogue import Words
from kheo.reporting.reporter import NOTE
from kheo.spelling import closest_category, closest_name, with_ancestors


class NameChoice(Struct, frozen=True):
    """Decides about names. ``is_terminal`` says whether there is somebody to ask."""

    known: KnownNames
    closed: frozenset[Taxonomy]
    is_terminal: bool
    words: Words

    def category(self, name: str) -> str:
        name = " > ".join(part.strip() for part in name.split(">"))
        return self._choose("category", name, list(with_ancestors(self.known.categories)))

    def authors(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._choose("author", name, self.known.authors) for name in names)

    def campaigns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._choose("campaign", name, self.known.campaigns) for name in names)

    def _choose(self, taxonomy: Taxonomy, name: str, known: list[str]) -> str:
        """Return ``name``, or the known one that was meant. Raises UsageError if the list is closed."""
        name = " ".join(name.split())
        if name in known or not (known or taxonomy in self.closed) or not name:
            return name
        find: Callable[[str, list[str]], str] = (
            closest_category if taxonomy == "category" else closest_name
        )
        meant = find(name, known)
        if meant and self.is_terminal and self._is_meant(name, meant):
            return meant
        if taxonomy in self.closed:
            wrong = diagnostic(UNKNOWN[taxonomy], Place(""), value=name, suggestion=meant)
            raise click.UsageError(self.words.whole(wrong))
        if meant or self.is_terminal:
            self._tell_new(name, "" if self.is_terminal else meant)
        return name

    def _is_meant(self, name: str, meant: str) -> bool:
        question = self.words.say(
            "“{name}” is new. Did you mean “{suggestion}”?", name=name, suggestion=meant
        )
        return click.confirm(question, default=True, err=True)

    def _tell_new(self, name: str, meant: str) -> None:
        """Print a note about a name that no article uses yet, because it may be misspelled."""
        text = self.words.say("“{name}” is new: no article uses it yet", name=name)
        if meant:
            text += "; " + self.words.say("did you mean “{suggestion}”?", suggestion=meant)
        click.echo(f"{self.words.line(NOTE)}: {text}", err=True)


def closed_lists(config: SiteConfig | None) -> frozenset[Taxonomy]:
    """Return the taxonomies in which site.yaml allows only listed names."""
    if config is None:
        return frozenset()
    settings: dict[Taxonomy, bool] = {
        "category": config.categories_closed,
        "campaign": config.campaigns_closed,
        "author": config.authors_closed,
    }
    return frozenset(taxonomy for taxonomy, is_closed in settings.items() if is_closed)
