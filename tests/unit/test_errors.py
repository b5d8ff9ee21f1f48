"""What the disk refuses: a message that keeps its fields, whichever process it comes from."""

import errno
import pickle
from pathlib import Path

import pytest

from kheo.errors import (
    FileAccessError,
    LockTimeoutError,
    StoreDamagedError,
    convert_os_error,
    message_of,
)
from kheo.messages.wording import message
from kheo.reporting.catalogue import read_catalogue

VIETNAMESE = read_catalogue("vi")
FULL = OSError(errno.ENOSPC, "whatever the system calls it", "a/b")


def test_what_the_system_refuses_is_known_by_its_number() -> None:
    error = convert_os_error(FULL, Path("elsewhere"))
    assert str(error) == "a/b: there is no space left on the disk"
    assert message_of(FULL).in_language(VIETNAMESE) == "a/b: ổ đĩa hết chỗ"
    rare = OSError(errno.EXDEV, "its own words")
    assert message_of(rare).in_language(VIETNAMESE) == "its own words"


@pytest.mark.parametrize("kind", [FileAccessError, StoreDamagedError])
def test_an_error_of_a_worker_arrives_whole(kind: type[FileAccessError]) -> None:
    reason = message("the store is damaged ({error})", error="it has other tables")
    arrived = pickle.loads(pickle.dumps(kind(None, reason, "store")))
    assert type(arrived) is kind
    assert (arrived.reason, arrived.filename) == (reason, "store")
    busy = LockTimeoutError(message("another build is still writing to {folder}", folder="x"))
    assert message_of(pickle.loads(pickle.dumps(busy))) == busy.message
    assert str(busy) == "another build is still writing to x"
