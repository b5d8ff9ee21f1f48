"""Small English phrases that stand as values inside messages: known, so that they are translated.

A diagnostic keeps its values as text. Where a value under one of PHRASE_FIELDS is one of PHRASES, it
is a template of the diagnostic's other values, and has a wording in every language.
"""

PHRASE_FIELDS = frozenset(
    {
        "advice",
        "better",
        "difference",
        "encoding",
        "found",
        "how",
        "known",
        "meaning",
        "name",
        "other",
    }
    | {"owner", "reason", "wanted", "what"}
)

_KINDS = ("a folder", "a link to a folder", "a named pipe", "a socket", "a device")

_DIFFERENCES = ("Unicode form", "capital letters", "the place of an accent")

_YAML = (
    "a merge key (`<<`)",
    "an alias (`*{anchor}`)",
    "an anchor (`&{anchor}`)",
    "a tag (`{tag}`)",
    "a second `: ` stands in this value",
    "a list must begin on its own line",
    "put each `- ` on a line below the key",
    "a quote is opened and not closed",
    "close the quote",
    "a list `[` is opened and not closed",
    "close it with `]`",
    "a `{{` is opened and not closed",
    "close it with `}}`",
    "a key without `:`",
    "write `key: value`",
    "this line does not fit the ones above",
    "this line does not fit the list above",
    "begin every `-` in the same column",
    "a backslash in a text between double quotes",
    "use single quotes",
    "a value begins with `*`",
    "a value begins with `*` or `&`",
    "a value begins with `@`, `%` or a back quote",
    "put a text that holds `: `, `#` or quotes between quotes",
    "put a text that holds `: `, `#` or quotes between quotes; begin every key in the same column",
    "begin every key in the same column; put a text that holds `: `, `#` or quotes between quotes",
    "it is not YAML",
)

_VALUES = (
    "one value",
    "a list",
    "keys and values",
    "`true` or `false`",
    "a whole number",
    "(none)",
)

_ENCODINGS = (
    "garbled text (UTF-8 once read as Windows-1252)",
    "in VS Code, “Save with Encoding”, UTF-8",
    "in VS Code, “Reopen with Encoding”, then “Save with Encoding”, UTF-8",
    "with UniKey (Ctrl+Shift+F6), from TCVN3 (ABC) to Unicode",
    "with UniKey (Ctrl+Shift+F6), from VNI Windows to Unicode",
    "copy the text again from where it came, opened as UTF-8",
)

_PICTURES = (
    "it cannot be opened",
    "it was changed while the site was built",
    "it is no JPEG, PNG, GIF, WebP or SVG file",
    "it is damaged or cut off",
    "it defines entities, which could make it endless",
    "it is no well-formed SVG",
    "it has too many elements, or they are nested too deep",
    "it is empty",
)

_OWNERS = (
    "the folder of the theme's files",
    "the file {owned}",
    "the page “{owned}”",
    "the picture “{owned}”",
    "the share card of {owned}",
)

_THEME = ("there is no filter “{wrong}”", "there is no test “{wrong}”", "(computed)",
          "{error} (while making {url})", "syntax error")  # fmt: skip

_SIGNS = (
    "soft hyphen",
    "zero-width space",
    "word joiner",
    "byte order mark",
    "zero-width non-joiner",
    "zero-width joiner",
)

_LINKS = (
    "it is not an address",
    "the server answers 404",
    "the server answers 410",
    "the server does not answer",
    "its certificate is not good",
)

_WORDINGS = ("{raised}, or as a decimal if it is a length (1.2 m)",)

# What operating systems and the store say.
_DISK = (
    "Permission denied",
    "No such file or directory",
    "Too many levels of symbolic links",
    "Is a directory",
    "Not a directory",
    "Read-only file system",
    "No space left on device",
    "File name too long",
    "Input/output error",
    "Name or service not known",
    "Connection refused",
    "there is no space left on the disk",
    "the store cannot be written",
    "the store cannot be opened",
    "the store may not be opened",
    "the store is in use by another program",
    "the disk reports an error",
    "the disk quota is used up",
    "this file system can only be read",
    "permission to write is missing",
    "this is not a link that the program made",
    "another build was interrupted here: build again",
    "unknown process",
)

COUNTED = ("{count} error", "{count} errors", "{count} warning", "{count} warnings",
           "{count} article", "{count} articles", "{count} source", "{count} sources",
           "{count} mistake", "{count} mistakes")  # fmt: skip

# What stands alone: kinds of messages, stages on the bar.
WORDS = ("error", "warning", "note", "parse", "render", "lint", "links")

_GROUPS = (
    *(_KINDS, _DIFFERENCES, _YAML, _VALUES, _ENCODINGS, _PICTURES),
    *(_OWNERS, _THEME, _SIGNS, _LINKS, _WORDINGS, _DISK),
)
PHRASES = frozenset(phrase for group in _GROUPS for phrase in group)
