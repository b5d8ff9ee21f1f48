"""Translatable messages for common operating system errors.

The texts of ``os.strerror`` differ between systems.
"""

import errno

from kheo.messages.wording import Message, message

_REASONS = {
    errno.EACCES: message("Permission denied"),
    errno.ENOENT: message("No such file or directory"),
    errno.ELOOP: message("Too many levels of symbolic links"),
    errno.EISDIR: message("Is a directory"),
    errno.ENOTDIR: message("Not a directory"),
    errno.EROFS: message("Read-only file system"),
    errno.ENOSPC: message("No space left on device"),
    errno.ENAMETOOLONG: message("File name too long"),
    errno.EIO: message("Input/output error"),
    errno.ECONNREFUSED: message("Connection refused"),
}


def reason_of(error: OSError) -> str | Message:
    """Return why an operation failed: a translatable message, or the system's text for rare errors."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)
