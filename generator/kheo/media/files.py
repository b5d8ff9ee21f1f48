"""What is known of a file that is shown: plain data."""

from msgspec import Struct


class PdfFile(Struct, frozen=True, tag=True):
    """A PDF document. ``digest`` is that of its bytes."""

    digest: str


MediaFile = PdfFile
