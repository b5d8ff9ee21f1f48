"""What is known of a CSV file: plain data. Importing this is cheap, unlike what reads the file."""

from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.tables import DataTable


class TableFile(Struct, frozen=True, tag=True):
    """A CSV file: its table, and what is wrong with it; ``None`` if that is an error."""

    table: DataTable | None
    found: tuple[Diagnostic, ...] = ()
