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
    fixed: Literal["", "always", "if unambiguous"] = ""  # by `check --fix`


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
    "source-name": Rule(
        "this file is not published: the name of a source ends in `.md`",
        "call it {file}",
        "warning",
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
    "anchor-twice": Rule(
        "the anchor “#{anchor}” is given twice: links lead to the first one",
        "give the second another name",
        "warning",
    ),
    "link-outside-content": Rule(
        "“{target}” leads out of the content folder", "copy the file beside this one"
    ),
    "image-missing": Rule("the picture “{target}” does not exist", "put the file beside this one"),
    "attachment-missing": Rule(
        "the attachment “{target}” does not exist", "put the file beside this one"
    ),
    "file-type": Rule(
        "“{target}” is a file that browsers or servers run: it would act in the name of the site",
        "publish it as PDF or in a ZIP file, or write its text here",
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
    "search-unavailable": Rule(
        "there is no Pagefind for this system, so the site has no search",
        "install `pagefind_bin`, or write `search: false`",
        severity="warning",
    ),
    "search-failed": Rule(
        "a part of the search index could not be made: {reason}",
        "build again; `--no-search` builds without",
        severity="warning",
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
    "html-unclosed": Rule(
        "everything after {tag} is lost: it is not closed",
        "write {tag} between back quotes (`) where it is meant as text, else close it",
    ),
    "footnote-unused": Rule(
        "the footnote [^{name}] is never referred to",
        "write [^{name}] in the text where it belongs, or delete the footnote",
        "warning",
    ),
    "too-slow": Rule(
        "this text takes longer than {seconds} seconds to read",
        "it repeats something thousands of times (brackets, stars, quotes): shorten or split it",
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
    "check-code": Rule("there is no warning “{value}”", "docs/checks.md lists them all"),
    # What pasted text does wrong: told by `check` alone
    "no-break-space": Rule(
        "a no-break space stands where a plain one belongs, or none",
        "write a plain space; none at the ends of a line",
        "warning",
        "if unambiguous",
    ),
    "invisible-character": Rule(
        "an invisible sign ({name}) stands in the text", "delete it", "warning", "if unambiguous"
    ),
    "decomposed": Rule(
        "letters and their accents are separate signs here (NFD)",
        "`check --fix` puts them together",
        "warning",
        "always",
    ),
    "spaces": Rule("more than one space between two words", "leave one", "warning", "always"),
    "space-before": Rule(
        "there is a space before “{sign}”", "delete the space", "warning", "if unambiguous"
    ),
    "space-after": Rule(
        "there is no space after “{sign}”", "write a space", "warning", "if unambiguous"
    ),
    "space-inside": Rule(
        "there is a space just inside “{sign}”", "delete the space", "warning", "if unambiguous"
    ),
    "quotes-mixed": Rule(
        "straight quotation marks beside curly ones in one text",
        "write “…” everywhere",
        "warning",
        "if unambiguous",
    ),
    "power": Rule(
        "“{written}” is written without its raised figure",
        "write {better}",
        "warning",
        "if unambiguous",
    ),
    "heading-skip": Rule(
        "this heading skips a level", "write {better} instead of {level}", "warning"
    ),
    "heading-faked": Rule(
        "“{text}” is a heading made of bold letters", "write ## {text}", "warning"
    ),
    "long-paragraph": Rule(
        "this paragraph has {size} characters; more than {limit} are hard to read on a telephone",
        "put a blank line where a new thought begins",
        "warning",
    ),
    "bullet-pasted": Rule(
        "“{sign}” at the beginning of a line makes no list",
        "write - and a space",
        "warning",
        "if unambiguous",
    ),
    "list-by-accident": Rule(
        "“{number}.” at the beginning of a line makes a numbered list",
        "write {number}\\. with a backslash",
        "warning",
        "if unambiguous",
    ),
    "code-by-accident": Rule(
        "this paragraph begins with spaces or a tab, which makes it a block of code",
        "delete what stands before its first word",
        "warning",
    ),
    "heading-by-accident": Rule(
        "the dashes below “{text}” make it a heading",
        "put a blank line between them, or write ## {text} if it is a heading",
        "warning",
        "if unambiguous",
    ),
    "table-header": Rule(
        "this table has no header", "give each column a name in the first line", "warning"
    ),
    "title-repeated": Rule(
        "the text repeats its own title", "delete it; the page shows the title", "warning"
    ),
    "pager-left": Rule(
        "“{text}” is the pager of the page that this was copied from", "delete the line", "warning"
    ),
    "signature-left": Rule(
        "the name of the author, “{name}”, is left in the text as a signature",
        "delete it; the page shows the author",
        "warning",
    ),
    "date-future": Rule(
        "{text} is long after the article’s own date, {date}", "check the year", "warning"
    ),
    "bare-link": Rule(
        "the address {url} stands where readers need words",
        "write [words that say what is there]({url})",
        "warning",
    ),
    "link-text": Rule(
        "“{text}” does not say where the link leads",
        "name what is there: [the plan for 2026](…)",
        "warning",
    ),
    "name-variant": Rule(
        "“{name}” is also written “{other}”, in {place}",
        "write the name in one way everywhere",
        "warning",
    ),
    "external-broken": Rule(
        "{url} cannot be reached: {reason}", "correct the address, or remove the link", "warning"
    ),
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
    "all-articles-gone": Rule(
        "there is no article any more, and {count} of their pages are published",
        "is `--content` the right folder? Say `--allow-empty` if they are to go",
    ),
    "max-removed": Rule(
        "this build would remove {count} of {total} published pages: {pages}",
        "if that is right, say `--max-removed 100`",
    ),
}
