"""Every message that the program can give about an editor's files: one code, one wording, one hint.

The wordings are ``str.format`` templates. A message says what is wrong; a hint says what to write
instead. They are kept together so that they can be read, translated and documented as one text.
"""

from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning"]


class Rule(Struct, frozen=True):
    """The wording of one code."""

    message: str
    hint: str = ""
    severity: Severity = "error"


RULES: dict[str, Rule] = {
    # The file itself
    "not-utf8": Rule(
        "this file is not UTF-8: byte {byte} at position {offset} cannot be read",
        "save the file as UTF-8 (in VS Code: “Save with Encoding”)",
    ),
    "encoding": Rule(
        "this file is {encoding}, not UTF-8",
        "convert it to UTF-8: {how}",
    ),
    "empty-file": Rule(
        "this file is empty", "write the front matter and a text, or delete the file"
    ),
    "control-character": Rule(
        "the control character {character} is not allowed",
        "delete it; it usually comes from a copy out of a PDF or a word processor",
    ),
    "body-too-long": Rule(
        "the text has {size} bytes, more than the {limit} that are allowed",
        "split the report, or raise `max_body_bytes` in site.yaml",
    ),
    "unreadable": Rule("this file cannot be read: {reason}", "check its permissions"),
    "not-a-file": Rule(
        "this is {what}, not a file", "rename it or move it out of the content folder"
    ),
    "file-name": Rule(
        "the file name {name} holds characters that cannot be published", "rename the file"
    ),
    "link-outside": Rule(
        "this symbolic link leads out of the content folder",
        "copy the file itself to this place",
    ),
    "duplicate-file-name": Rule(
        "the name of this file and of “{other}” differ only by {difference}",
        "rename one of them; on some systems they would be the same file",
    ),
    # YAML
    "no-front-matter": Rule(
        "there is no front matter",
        "begin the file with a line `---`, then `title:`, `date:`, `category:`, then a line `---`",
    ),
    "unclosed-front-matter": Rule(
        "the front matter that begins here is never closed",
        "write a line `---` between the last key and the text",
    ),
    "front-matter-too-long": Rule(
        "the front matter has {size} bytes, more than {limit}",
        "text belongs below the second line `---`",
    ),
    "yaml-syntax": Rule("the YAML cannot be read: {reason}", "{advice}"),
    "yaml-tab": Rule("a tab is used for indentation", "write spaces instead of the tab"),
    "yaml-not-keys": Rule("there must be keys and values here", "write lines such as `title: …`"),
    "yaml-feature": Rule(
        "{what} is not allowed here", "write the value out, in quotes if it is text"
    ),
    "yaml-depth": Rule("the values are nested more than {limit} levels deep", "use a flatter form"),
    "yaml-documents": Rule("a second YAML document begins here", "keep everything in one block"),
    "yaml-key": Rule("a key must be a single word", "write `key: value`"),
    "duplicate-key": Rule(
        "the key `{key}` is given twice; first on line {line}", "keep one of them"
    ),
    # Keys and values
    "unknown-key": Rule("there is no key `{key}`", "the known keys are: {known}"),
    "missing-key": Rule("the key `{key}` is missing", "add `{key}: {example}`"),
    "empty-value": Rule("`{key}` is empty", "write a value, or delete the line"),
    "wrong-type": Rule("`{key}` must be {wanted}, not {found}", "for example: {example}"),
    "value-choice": Rule("`{key}` cannot be “{value}”", "it can be: {choices}"),
    "value-range": Rule("`{key}` must be between {least} and {most}", "write another number"),
    "date-unreadable": Rule(
        "“{value}” is not a date that can be read",
        "write it as year-month-day, such as 2020-02-12 or 2020-02-12 08:30",
    ),
    "date-impossible": Rule(
        "there is no such day or time as “{value}”", "check day, month, year and time"
    ),
    "date-ambiguous": Rule(
        "“{value}” could be two different days",
        "write it as year-month-day, such as {example}",
    ),
    "category-segment": Rule(
        "the category “{value}” has an empty part", "write names between the signs: A > B > C"
    ),
    "category-depth": Rule("the category is more than {limit} levels deep", "use fewer levels"),
    "category-unknown": Rule(
        "the category “{value}” is not listed in site.yaml", "add it there, or use a listed one"
    ),
    "zone-unknown": Rule("there is no time zone “{value}”", "for example: Asia/Ho_Chi_Minh"),
    "expires-before-date": Rule(
        "the article expires ({expires}) before its own date", "check `date` and `expires`"
    ),
    "url-scheme": Rule(
        "`{key}` must be an address that begins with https:// or http://", "for example: {example}"
    ),
    # Addresses
    "slug-empty": Rule(
        "no address can be made of “{name}”", "add `slug:` with letters a-z, digits and hyphens"
    ),
    "slug-form": Rule(
        "the slug “{value}” may hold only letters a-z, digits and hyphens", "write “{better}”"
    ),
    "slug-reserved": Rule(
        "the address part “{slug}” is a name that Windows reserves", "set another `slug:`"
    ),
    "slug-too-long": Rule(
        "the slug has {size} characters, more than {limit}", "write a shorter slug"
    ),
    "address-form": Rule("“{value}” is not an address inside this site", "write it as /part/part/"),
    "language-form": Rule("“{value}” is not a language tag", "for example: vi, en, pt-BR"),
    "base-url-form": Rule(
        "“{value}” is not the address of a site",
        "write scheme, host and, if need be, a folder: https://example.org/news/",
    ),
    "host-form": Rule("“{value}” is not a host name", "for example: www.youtube.com"),
    "permalink-shape": Rule(
        "“{value}” is not a permalink pattern",
        "write parts that end with /, with {{slug}} in one: {{category}}/{{slug}}/",
    ),
    "permalink-form": Rule(
        "the permalink pattern has no field {field}", "the known fields are: {known}"
    ),
    "url-twice": Rule(
        "the address {url} is already that of {other}",
        "give one of them another `slug:`",
    ),
    "alias-live": Rule(
        "the alias {url} is the address of {other}", "delete the alias; the address is in use"
    ),
    "alias-twice": Rule("the alias {url} is also given by {other}", "keep it in one of them"),
    "term-twice": Rule(
        "“{name}” and “{other}” would share the address {url}; “{other}” is in {place}",
        "give one of them another `slug:` in site.yaml, or another name",
    ),
    "term-spelling": Rule(
        "“{name}” and “{other}” differ only by {difference}; “{other}” is in {place}",
        "write the name in one way everywhere",
    ),
    "path-too-long": Rule("the path {path} is too long for a file system", "set shorter slugs"),
    # References
    "link-broken": Rule("“{target}” leads to no file", "check the name and the folder"),
    "link-unpublished": Rule(
        "“{target}” leads to an article that is not published", "publish it or remove the link"
    ),
    "link-left-out": Rule(
        "“{target}” leads to a source that has errors and is left out",
        "mend that source first",
        "warning",
    ),
    "anchor-broken": Rule(
        "there is no heading “#{anchor}” in {target}", "the anchors are: {known}"
    ),
    "link-outside-content": Rule(
        "“{target}” leads out of the content folder", "copy the file beside this one"
    ),
    "image-missing": Rule("the picture “{target}” does not exist", "put the file beside this one"),
    "attachment-missing": Rule(
        "the attachment “{target}” does not exist", "put the file beside this one"
    ),
    "image-without-alt": Rule(
        "the picture has no alternative text",
        "write what it shows: ![people planting rice](photo.jpg)",
        "warning",
    ),
    "cover-without-alt": Rule(
        "the lead picture has no alternative text",
        "write what it shows: `image_alt: people planting rice`",
        "warning",
    ),
    "image-broken": Rule(
        "the picture “{target}” cannot be published: {reason}",
        "open it in a picture program and save it again as JPEG or PNG",
    ),
    "image-too-large": Rule(
        "the picture “{target}” has more than {limit} million pixels",
        "save a smaller copy; 4000 pixels are wide enough for any screen",
    ),
    "iframe-host": Rule(
        "the frame from “{host}” is left out",
        "list the host under `iframe_hosts` in site.yaml",
        "warning",
    ),
    "footnote-unused": Rule(
        "the footnote [^{name}] is never referred to",
        "write [^{name}] in the text where it belongs, or delete the footnote",
        "warning",
    ),
    "markdown-depth": Rule(
        "the text is nested too deeply to be read", "use fewer levels of lists or quotes"
    ),
    # Theme
    "template-syntax": Rule("the template cannot be read: {reason}", "see docs/theme.md"),
    "template-name": Rule("{reason}", "docs/theme.md lists what a template may use"),
    "template-missing": Rule(
        "the template {name} does not exist", "add it to the templates folder"
    ),
    "templates-missing": Rule("there is no templates folder at {path}", "check `--templates`"),
    "catalogue": Rule("the language file cannot be read: {reason}", "see docs/theme.md"),
    # The run
    "site-file-missing": Rule(
        "there is no site.yaml in {path}", "check `--content`, or write the file: see README.md"
    ),
    "output-foreign": Rule(
        "{path} was not written by this program",
        "move it away, choose another `--output`, or say `--force` to overwrite",
    ),
    "output-overlap": Rule(
        "the output folder and the {other} folder lie one inside the other",
        "choose another `--output`",
    ),
    "max-removed": Rule(
        "this build would remove {count} of {total} published pages: {pages}",
        "if that is right, say `--max-removed 100`",
    ),
}
