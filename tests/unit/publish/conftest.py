from collections.abc import Callable
from pathlib import Path

import pytest
from unit.publish.press import Press


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(tmp_path)


@pytest.fixture
def make_press(tmp_path: Path) -> Callable[[str], Press]:
    return lambda name: Press(tmp_path / name)
