"""What templates see stays, or the changelog says under "Breaking" that it does not.

``tests/public_views.txt`` has that of the last release: fields of views, keys of language.yaml, blocks,
and other names. ``--update`` writes those of this version.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct
from msgspec.structs import fields
from support import ROOT

from kheo import __version__
from kheo.language import Language
from kheo.views import SiteView, View

SNAPSHOT = ROOT / "tests/public_views.txt"


def types_in(hint: Any) -> Iterator[Any]:
    """``tuple[Link, ...] | None`` -> all types in it."""
    yield hint
    for inner in get_args(hint):
        yield from types_in(inner)


def seen_by_templates() -> list[type[Struct]]:
    """The views, and every type of a field of theirs, and of those."""
    found: list[type[Struct]] = []
    waiting = [*get_args(View), SiteView, Language]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, Struct) and kind not in found:
            found.append(kind)
            for hint in get_type_hints(kind).values():
                waiting += types_in(hint)
    return sorted(found, key=lambda kind: kind.__name__)


def public_fields() -> Iterator[str]:
    """Each field with its type: ``Card.image: Picture | None``."""
    for kind in seen_by_templates():
        hints = get_type_hints(kind)
        types = {field.name: hints[field.name] for field in fields(kind)}
        for name, member in vars(kind).items():
            if isinstance(member, property) and member.fget:
                types[name] = get_type_hints(member.fget)["return"]
        yield from sorted(f"{kind.__name__}.{name}: {short(hint)}" for name, hint in types.items())


def public_names() -> Iterator[str]:
    """Blocks and other names, as docs/theme.md has them: ``article.html.below: block``."""
    document = (ROOT / "docs/theme.md").read_text(encoding="utf-8")
    for template, block in re.findall(r"^\| `(\w+\.\w+)` \| `(\w+)` \|", document, re.MULTILINE):
        yield f"{template}.{block}: block"
    names = document.partition("## Other names in templates")[2].partition("\n## ")[0]
    for row in re.findall(r"^\| (`.+?`) \| ", names, re.MULTILINE):
        yield from (f"{name}: name" for name in re.findall("`([^`]+)`", row.replace("\\|", "|")))


def short(hint: Any) -> str:
    """``kheo.views.Picture | None`` -> ``Picture | None``."""
    text = str(hint) if get_args(hint) else hint.__name__
    return re.sub(r"\w+\.(?=\w)", "", text)


def unannounced(old: Iterable[str], new: Iterable[str], version: str, changelog: str) -> list[str]:
    """The old fields that are gone, or of another type, and not named in the changelog.

    They must be under a heading "Breaking", above the release ``version``.
    """
    newer = changelog.partition(f"\n## {version}")[0]
    breaking = "".join(
        re.findall(r"^### Breaking$(.*?)(?=^##|\Z)", newer, re.DOTALL | re.MULTILINE)
    )
    lost = [line for line in old if line not in set(new)]
    return [line for line in lost if f"`{line.partition(':')[0]}`" not in breaking]


def test_no_field_of_a_view_changes_unannounced(request: pytest.FixtureRequest) -> None:
    version, *old = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    new = [*public_fields(), *public_names()]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert unannounced(old, new, version, changelog) == []
    if request.config.getoption("--update"):
        SNAPSHOT.write_text("\n".join([__version__, *new, ""]), encoding="utf-8")
        version = __version__
    assert version == __version__, "after a release, write its fields with --update"


CHANGELOG = """\
## Unreleased

### Breaking

- `Card.image` is now called `Card.picture`.

### Added

- `Card.link`

## 1.0.0

### Breaking

- `Card.date`
"""


@pytest.mark.parametrize(
    ("field", "is_told"),
    [
        ("Card.image: str", True),
        ("Card.link: str", False),  # only under "Added"
        ("Card.date: Moment", False),  # that was the release before
        ("Card.text: str", False),  # the type has changed
        ("Card.title: str", True),  # it is still there
    ],
)
def test_what_is_lost_must_be_told_under_breaking(field: str, is_told: bool) -> None:
    new = ["Card.title: str", "Card.text: str | None", "Card.picture: str"]
    found = unannounced([field], new, "1.0.0", CHANGELOG)
    assert found == ([] if is_told else [field])
