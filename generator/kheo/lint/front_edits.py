"""What ``check --fix`` changes in front matter because of other files, not of the text itself."""

from msgspec import Struct

from kheo.lint.aliases import add_aliases
from kheo.lint.names import Renaming, rename
from kheo.lint.source_text import Fix, SourceText


class FrontEdits(Struct, frozen=True, array_like=True):
    """Names to correct, and old URLs to add as aliases."""

    renamings: tuple[Renaming, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.renamings) + len(self.aliases)

    def fixes(self, source: SourceText) -> list[Fix]:
        return [*rename(source, self.renamings), *add_aliases(source, self.aliases)]


NO_EDITS = FrontEdits()
