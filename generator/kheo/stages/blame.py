"""The messages about files that a worker could not process within its limits."""

from kheo.diagnostics import BrokenFile, Diagnostic, Place, diagnostic
from kheo.media.files import is_media
from kheo.messages.wording import message
from kheo.model import Entry
from kheo.stages.limits import MEMORY, SECONDS
from kheo.stages.workers import Failure

MEGABYTES = MEMORY >> 20


def blame_source(entry: Entry, failure: Failure, seconds: float = SECONDS) -> Diagnostic:
    """Return the error of a source."""
    place = Place(entry.path)
    if failure.reason == "slow":
        return diagnostic("too-slow", place, seconds=seconds)
    if failure.reason == "memory":
        reason = message("it needs more than {limit} MB of memory", limit=MEGABYTES)
        return diagnostic("too-large", place, reason=reason)
    return diagnostic("worker-ended", place)


def blame_file(entry: Entry, failure: Failure) -> BrokenFile:
    """Return the error of a file that pages show."""
    if not is_media(entry.path):
        return blame_picture(failure)
    if failure.reason == "slow":
        slow = message("it takes more than {seconds} seconds to read", seconds=SECONDS)
        return BrokenFile("media-broken", {"reason": slow})
    return BrokenFile("media-broken", blame_picture(failure).values)


def blame_picture(failure: Failure) -> BrokenFile:
    """Return the error of a picture."""
    if failure.reason == "slow":
        return BrokenFile("image-too-slow", {"seconds": str(SECONDS)})
    if failure.reason == "memory":
        reason = message("it needs more than {limit} MB of memory", limit=MEGABYTES)
    else:
        reason = message("the program that opens it ended unexpectedly")
    return BrokenFile("image-broken", {"reason": reason})
