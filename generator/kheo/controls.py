"""Control characters, which no source may contain, and their names."""

import re
from unicodedata import name as unicode_name

# Control characters except line ends and tabs; marks that change the direction of text; characters
# that XML 1.0 forbids, because texts are used in feeds.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_C0_NAMES = [
    "NULL",
    "START OF HEADING",
    "START OF TEXT",
    "END OF TEXT",
    "END OF TRANSMISSION",
    "ENQUIRY",
    "ACKNOWLEDGE",
    "BELL",
    "BACKSPACE",
    "TAB",
    "LINE FEED",
    "VERTICAL TAB",
    "FORM FEED",
    "CARRIAGE RETURN",
    "SHIFT OUT",
    "SHIFT IN",
    "DATA LINK ESCAPE",
    "DEVICE CONTROL ONE",
    "DEVICE CONTROL TWO",
    "DEVICE CONTROL THREE",
    "DEVICE CONTROL FOUR",
    "NEGATIVE ACKNOWLEDGE",
    "SYNCHRONOUS IDLE",
    "END OF TRANSMISSION BLOCK",
    "CANCEL",
    "END OF MEDIUM",
    "SUBSTITUTE",
    "ESCAPE",
    "FILE SEPARATOR",
    "GROUP SEPARATOR",
    "RECORD SEPARATOR",
    "UNIT SEPARATOR",
]


def control_name(char: str) -> str:
    """Return the name of a character: ``U+000C FORM FEED``, ``U+0093 (“ in Windows-1252)``."""
    code = ord(char)
    if 0x80 <= code < 0xA0:
        windows = bytes([code]).decode("cp1252", "ignore")
        name = f"({windows} in Windows-1252)" if windows else "CONTROL"
    else:
        name = _C0_NAMES[code] if code < 0x20 else unicode_name(char, "")
    return f"U+{code:04X} {name or ('DELETE' if code == 0x7F else 'NONCHARACTER')}"
