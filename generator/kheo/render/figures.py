"""The HTML of figures in a body."""

from collections.abc import Callable

from markupsafe import Markup

from kheo.views import FileCard

_CARD = Markup('<a class="file" href="{url}">{title} <span class="meta">{type}, {size}</span></a>')


def file_card(card: FileCard, format_size: Callable[[int], str]) -> str:
    """Return a link to a file, with its type and size."""
    return _CARD.format(url=card.url, title=card.title, type=card.type, size=format_size(card.size))
