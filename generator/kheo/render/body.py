"""Fill a body with its links and pictures, which are known only when the site is planned."""

from markupsafe import escape

from kheo.views import Picture

_FIRST, _LATER = ' fetchpriority="high"', ' loading="lazy"'
BODY_SIZES = "(min-width: 42rem) 38rem, 100vw"  # how wide a picture in a text is shown


def fill(
    body: str, links: tuple[str, ...], pictures: dict[int, Picture], first_is_eager: bool = False
) -> str:
    """``body`` with every ``\\0n\\0`` replaced by the n-th link; ``\\0<n\\0``, ``\\0+n\\0`` (or ``-``)
    and ``\\0>n\\0`` by what the n-th picture needs before, in and behind its <img>.

    The first picture is loaded at once with ``first_is_eager``, all others when they come near.
    """
    if "\0" not in body:
        return body
    pieces = body.split("\0")
    eager = first_is_eager
    for at in range(1, len(pieces), 2):
        sign, number = pieces[at][:1], pieces[at].lstrip("<+->")
        if sign.isdigit():
            pieces[at] = escape(links[int(number)])
        elif (picture := pictures.get(int(number))) is None:
            pieces[at] = ""
        elif sign == "<":
            pieces[at] = opening(picture)
        elif sign == ">":
            pieces[at] = closing(picture)
        else:
            pieces[at] = attributes(picture, eager, sized=sign == "+")
            eager = False
    return "".join(pieces)


def opening(picture: Picture) -> str:
    """What stands before an <img> of a body."""
    if not picture.webp:
        return ""
    return (
        f'<picture><source type="image/webp" srcset="{escape(picture.webp)}" sizes="{BODY_SIZES}">'
    )


def closing(picture: Picture) -> str:
    """What stands behind it."""
    return "</picture>" if picture.webp else ""


def attributes(picture: Picture, eager: bool, sized: bool = True) -> str:
    """What an <img> has besides its author's attributes. ``eager``: the first one of a page."""
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width and sized else ""
    return f'{size}{_FIRST if eager else _LATER} decoding="async"'
