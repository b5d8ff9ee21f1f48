"""What is filled into the HTML later: page breaks, boxes of tasks, words in the site's language, charts.

The sanitiser would remove a form control, and no author may write what stands for one of ours. So each
is written as an element with the digest of the file in it, which no file can contain.
"""

from xml.etree.ElementTree import Element

CALLOUTS = ("note", "tip", "important", "warning", "caution")
_BOX = '<input type="checkbox" disabled{checked} aria-label="{label}">'


class Marks:
    """The marks of one text."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        self.used: set[str] = set()

    @property
    def page(self) -> str:
        """Return the content of the paragraph that separates two parts."""
        return f"page {self.digest}"

    def label(self, name: str) -> Element:
        """Return what stands for a word: ``note`` for "Note" or "Ghi chú"."""
        return self._mark(name)

    def box(self, done: bool) -> Element:
        return self._mark("done" if done else "open")

    def chart(self, number: int) -> Element:
        """Return what stands for the chart with this number."""
        return self._mark(f"chart{number}")

    def _mark(self, name: str) -> Element:
        self.used.add(name)
        return Element("span", {"class": f"mark-{name}-{self.digest}"})

    def fill(self, html: str) -> str:
        """Return sanitised ``html`` with boxes, and with the placeholders that ``Body`` describes."""
        for name in sorted(self.used):
            html = html.replace(f'<span class="mark-{name}-{self.digest}"></span>', _meaning(name))
        return html


def _meaning(name: str) -> str:
    if name.startswith("chart"):
        return f"\0@{name.removeprefix('chart')}\0"
    if name not in {"done", "open"}:
        return f"\0!{name}\0"
    return _BOX.format(checked=" checked" if name == "done" else "", label=f"\0!{name}\0")
