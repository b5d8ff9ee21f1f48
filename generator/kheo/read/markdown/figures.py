"""Figures: what is shown where a picture could be, ``![text](film.mp4 "caption")`` alone in a paragraph."""

from itertools import groupby
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from kheo.addresses import AUDIOS, DATA, PDF, VIDEOS, ending_of
from kheo.embeds import find_video
from kheo.model import FileKind

TILE = "tile"  # the class of a figure in a gallery
WIDE = "wide"  # that of a figure that is wider than the text
# Files that are shown although they are not pictures, by how their names end.
FIGURES: dict[str, FileKind] = {
    PDF: "pdf",
    **dict.fromkeys(DATA, "csv"),
    **dict.fromkeys(VIDEOS, "video"),
    **dict.fromkeys(AUDIOS, "audio"),
}


def figure_kind(address: str) -> FileKind | None:
    """Return as what kind of figure an address is shown; ``None`` if it is one of a picture."""
    return "embed" if find_video(address) else FIGURES.get(_ending(address))


def _ending(address: str) -> str:
    return ending_of(address.partition("#")[0].partition("?")[0])


def make_figures(root: Element) -> None:
    """Replace a paragraph of pictures only, ``![alt](photo.jpg "caption")``, by a figure or a gallery."""
    for parent in list(root.iter()):
        for index, child in reversed(list(enumerate(parent))):
            if child.tag == "p" and (pictures := _only_pictures(child)):
                made = _arranged(pictures)
                _add_attributes(made[0], child.attrib)
                made[-1].tail = child.tail  # raw HTML may follow
                parent[index : index + 1] = made


def _only_pictures(paragraph: Element) -> list[Element]:
    texts = [paragraph.text, *(child.tail for child in paragraph)]
    if any(text and text.strip() for text in texts):
        return []
    if any(child.tag not in {"img", "br"} for child in paragraph):
        return []
    return [child for child in paragraph if child.tag == "img"]


def _arranged(images: list[Element]) -> list[Element]:
    """Return a figure for each image; pictures that follow each other are in a gallery."""
    made = []
    for is_picture, group in groupby(
        images, key=lambda image: not figure_kind(image.get("src", ""))
    ):
        figures = [_figure(image) for image in group]
        if not is_picture or len(figures) == 1:
            made += figures
            continue
        gallery = Element("div", {"class": "gallery"})
        gallery.text = gallery.tail = "\n"
        for figure in figures:
            _add_attributes(figure, {"class": TILE})
        gallery.extend(figures)
        made.append(gallery)
    return made


def _figure(image: Element) -> Element:
    """Return a figure with the image. Its class and id are those that the editor gave to the image."""
    names = ["class", "id"]
    figure = Element(
        "figure", {name: image.attrib.pop(name) for name in names if name in image.attrib}
    )
    figure.tail = "\n"
    image.tail = None
    figure.append(image)
    if caption := image.attrib.pop("title", ""):
        element = Element("figcaption")
        element.text = AtomicString(caption)
        figure.append(element)
    return figure


def _add_attributes(element: Element, given: dict[str, str]) -> None:
    classes = f"{element.get('class', '')} {given.get('class', '')}".strip()
    element.attrib.update(given)
    if classes:
        element.set("class", classes)
