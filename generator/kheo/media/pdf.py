"""Read the title and the number of pages of a PDF."""

import logging
import zlib
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from kheo.diagnostics import BrokenFile
from kheo.media.files import PdfFile, broken
from kheo.messages.wording import message

MAX_TITLE = 300  # characters
# What pypdf raises for damaged files.
_DAMAGE = (
    PyPdfError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    zlib.error,
)


def read_pdf(file: BinaryIO) -> PdfFile | BrokenFile:
    """Return what the card of a PDF shows. An encrypted file has no title, and perhaps no pages."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of what readers do not see
    try:
        reader = PdfReader(file)
        pages = reader.get_num_pages()
        title = "" if reader.is_encrypted or not reader.metadata else reader.metadata.title
    except _DAMAGE:
        return broken(message("it is damaged or incomplete"))
    if pages < 1:
        return broken(message("it has no pages"))
    return PdfFile(_clean(title or ""), pages)


def _clean(title: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in title)
    return " ".join(printable.split())[:MAX_TITLE]
