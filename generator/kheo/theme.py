"""Where the default theme is."""

from pathlib import Path

_HERE = Path(__file__).parent


def default_theme() -> Path:
    """Return the folder of the default theme.

    A wheel has it as ``kheo/theme/``, beside this module, which Python prefers to a folder of the same
    name. In the repository, which an editable installation runs, it is ``templates/``.
    """
    packed = _HERE / "theme"
    return packed if packed.is_dir() else _HERE.parent.parent / "templates"
