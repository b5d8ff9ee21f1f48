"""Every rule of diagnostics: a code, a message, and a hint.

A message says what is wrong; a hint says what to write instead. Both are ``str.format`` templates.
They are kept in one place so that they can be reviewed, translated and documented together.
"""

from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning"]


class Rule(Struct, frozen=True):
    """The message, hint and severity of one code; ``fixed`` tells when ``check --fix`` fixes it."""

    message: str
    hint: str = ""
    severity: Severity = "error"
    fixed: Literal["", "always", "if unambiguous"] = ""


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
    "empty-file": Rule("this file is empty", "write front matter and text, or delete the file"),
    "control-character": Rule(
        "the control character {character} is not allowed",
        "delete it; it usually comes from text copied from a PDF or a word processor",
        fixed="if unambiguous",
    ),
    "body-too-long": Rule(
        "the text is {size} bytes long; the limit is {limit}",
        "split the report, or raise `max_body_bytes` in site.yaml",
    ),
    "unreadable": Rule("this file cannot be read: {reason}", "check its permissions"),
    "not-a-file": Rule(
        "this is {what}, not a file", "rename it or move it out of the content folder"
    ),
    "file-name": Rule(
        "the file name {name} contains characters that cannot be published", "rename the file"
    ),
    "path-too-deep": Rule(
        "more than {limit} folders are nested here; nothing in this one is read",
        "move it further up",
    ),
    "source-name": Rule(
        "this file is not published: its name must end in `.md`",
        "rename it to {file}",
        "warning",
    ),
    "link-outside": Rule(
        "this symbolic link points outside the folder {folder}",
        "replace the link with a copy of the file",
    ),
    "duplicate-file-name": Rule(
        "the names of this file and “{other}” differ only in {difference}",
        "rename one of them; on some systems they would be the same file",
    ),
    # YAML
    "no-front-matter": Rule(
        "there is no front matter",
        "start the file with a line `---`, then `title:`, `date:`, `category:`, then another line `---`",
    ),
    "unclosed-front-matter": Rule(
        "the front matter that begins here is never closed",
        "write a line `---` between the last key and the text",
    ),
    "front-matter-too-long": Rule(
        "the front matter is {size} bytes long; the limit is {limit}",
        "move the text below the second line `---`",
    ),
    "yaml-syntax": Rule("the YAML cannot be read: {reason}", "{advice}"),
    "yaml-tab": Rule("a tab is used for indentation", "write spaces instead of the tab"),
    "yaml-not-keys": Rule("keys and values are expected here", "write lines such as `title: …`"),
    "yaml-feature": Rule(
        "{what} is not allowed here", "write the value itself, in quotes if it is text"
    ),
    "yaml-depth": Rule(
        "the values are nested more than {limit} levels deep", "nest the values less deeply"
    ),
    "yaml-documents": Rule("a second YAML document starts here", "put all keys in one document"),
    "yaml-key": Rule("a key must be a single word", "write `key: value`"),
    "duplicate-key": Rule(
        "the key `{key}` appears twice; the first is on line {line}", "delete one of them"
    ),
    # Keys and values
    "unknown-key": Rule("unknown key `{key}`", "the known keys are: {known}"),
    "key-moved": Rule("`{key}` has another place now", "write it as `{now}`"),
    "missing-key": Rule("the key `{key}` is missing", "add `{key}: {example}`"),
    "empty-value": Rule("`{key}` is empty", "write a value, or delete the line"),
    "wrong-type": Rule("`{key}` must be {wanted}, not {found}", "for example: {example}"),
    "value-choice": Rule("`{key}` cannot be “{value}”", "choose one of: {choices}"),
    "value-range": Rule(
        "`{key}` must be between {least} and {most}", "write a number in this range"
    ),
    "list-too-long": Rule(
        "`{key}` has more than {limit} entries", "keep only the most important ones"
    ),
    "date-unreadable": Rule(
        "“{value}” cannot be read as a date",
        "write it as year-month-day, such as 2020-02-12 or 2020-02-12 08:30",
    ),
    "date-impossible": Rule(
        "the date or time “{value}” does not exist", "check the day, month, year and time"
    ),
    "date-ambiguous": Rule(
        "“{value}” is ambiguous: it could be two different dates",
        "write it as year-month-day, such as {example}",
    ),
    "category-segment": Rule(
        "the category “{value}” has an empty level",
        "write a name on each side of every >, as in A > B > C",
    ),
    "category-depth": Rule("the category is more than {limit} levels deep", "use fewer levels"),
    "category-unknown": Rule(
        "the category “{value}” is not listed in site.yaml",
        "add it to site.yaml, or use a category that is listed there",
    ),
    "title-too-long": Rule(
        "the title has {size} characters; the limit is {limit}",
        "write a shorter title, and the rest as text",
    ),
    "campaign-unknown": Rule(
        "the campaign “{value}” is not listed in site.yaml",
        "add it to site.yaml, or use a campaign that is listed there",
    ),
    "author-unknown": Rule(
        "the author “{value}” is not listed in site.yaml",
        "add the name to site.yaml, or use an author who is listed there",
    ),
    "also-repeated": Rule(
        "`also` has no effect here: `category` already lists the report in “{name}”",
        "delete “{name}” from `also`, or name another category",
        "warning",
    ),
    "zone-unknown": Rule("unknown time zone “{value}”", "for example: Asia/Ho_Chi_Minh"),
    "expires-before-date": Rule(
        "the article expires ({expires}) before its publication date", "check `date` and `expires`"
    ),
    "url-scheme": Rule(
        "`{key}` must be a URL that starts with https:// or http://", "for example: {example}"
    ),
    # URLs
    "slug-empty": Rule(
        "no URL can be made from “{name}”", "add `slug:` with letters a-z, digits and hyphens"
    ),
    "slug-form": Rule(
        "the slug “{value}” may contain only letters a-z, digits and hyphens", "write “{better}”"
    ),
    "slug-reserved": Rule(
        "“{slug}” in the URL is a reserved file name on Windows", "choose another `slug:`"
    ),
    "slug-too-long": Rule(
        "the slug has {size} characters; the limit is {limit}", "write a shorter slug"
    ),
    "address-form": Rule(
        "“{value}” is not a valid URL path",
        "write it as /part/part/, /part/page.html or /page.aspx?name=value&other=value",
    ),
    "language-form": Rule("“{value}” is not a language tag", "for example: vi, en, pt-BR"),
    "language-unknown": Rule(
        "the theme has no language file for “{value}”",
        "choose one of: {known}, or add templates/locale/{value}/language.yaml: see docs/theme.md",
    ),
    "base-url-form": Rule(
        "“{value}” is not the URL of a site",
        "write the scheme, the host and, if needed, a folder: https://example.org/news/",
    ),
    "host-form": Rule("“{value}” is not a host name", "for example: www.youtube.com"),
    "permalink-shape": Rule(
        "“{value}” is not a permalink pattern",
        "end each part with / and use {{slug}} in one of them: {{category}}/{{slug}}/",
    ),
    "permalink-form": Rule(
        "unknown field {field} in the permalink pattern", "the known fields are: {known}"
    ),
    "url-twice": Rule(
        "the URL {url} is already used by {other}",
        "give one of them another `slug:`",
    ),
    "public-twice": Rule(
        "this file would be at {url}, which is already used by {other}",
        "delete the file or rename it; to change what is there now, see docs/theme.md",
    ),
    "alias-live": Rule(
        "the alias {url} is the URL of {other}", "delete the alias; the URL is in use"
    ),
    "alias-twice": Rule("the alias {url} is also used by {other}", "remove it from one of them"),
    "alias-own": Rule(
        "the alias {url} is the URL of {other} itself", "delete the alias", "warning"
    ),
    "alias-below": Rule(
        "the alias {alias} does not redirect {url}, which is the URL of {other}",
        "if it is meant to, give {other} another URL",
        "warning",
    ),
    "url-lost": Rule(
        "{url} was “{title}”, now at {now}; nothing redirects there",
        "{advice}",
        "warning",
        "if unambiguous",
    ),
    "url-withdrawn": Rule(
        "{url} was “{title}”; {reason}, and nothing redirects there",
        "list it under `gone` in site.yaml, or under `aliases` of what replaces it",
        "warning",
    ),
    "gone-live": Rule(
        "{url} is listed under `gone`, but it is the URL of {other}",
        "delete it from `gone` in site.yaml",
        "warning",
    ),
    "term-twice": Rule(
        "“{name}” and “{other}” would have the same URL, {url}; “{other}” is in {place}",
        "did you mean “{other}”? If these are two names, give one of them another `slug:` in site.yaml",
    ),
    "term-source-twice": Rule(
        "“{name}” has a source already: {other}",
        "move everything into one of them, and delete the other",
    ),
    "term-described-twice": Rule(
        "“{name}” is described here and in {other}",
        "keep `name` there at most, which says where it stands; all other keys belong here",
    ),
    "term-page-break": Rule(
        "the text about a category, a campaign or an author is one page; it cannot be divided",
        "delete `<!-- page -->`",
    ),
    "report-among-terms": Rule(
        "this file has `{key}`, as a report or a page has, but files in {folder} describe categories, campaigns or authors",
        "move a report into another folder, such as articles/; give a category, a campaign or an "
        "author a `name:`",
    ),
    "end-before-start": Rule(
        "the campaign ends ({end}) before it starts", "correct `start` or `end`"
    ),
    "indicator-dates": Rule(
        "“{text}” is not a date, but the first column, “{name}”, must have that of each row",
        "write a day, month or year in each row, such as 2026-03-31, 2026-03 or 2026",
    ),
    "indicator-no-date": Rule(
        "this row has no date in the column “{name}”", "write its date, month or year"
    ),
    "indicator-order": Rule(
        "the row “{text}” is not later than the one above it",
        "sort the rows by date, the oldest first",
    ),
    "indicator-gap": Rule(
        "there is no row between {first} and {second}, although all others follow each other",
        "add the missing row, or check the date",
        "warning",
    ),
    "indicator-empty": Rule(
        "this row has no number in the column “{name}”",
        "write the number; until then, the one before counts",
        "warning",
    ),
    "indicator-column": Rule("{file} has no column “{name}”", "its columns are: {known}"),
    "indicator-text": Rule("the column “{name}” has no numbers", "name a column with numbers"),
    "indicator-target": Rule(
        "the target “{text}” is not a number", "write a number such as {example}"
    ),
    "campaign-report": Rule(
        "“{target}” is not a report", "name the source of a report, with a date"
    ),
    "term-spelling": Rule(
        "“{name}” and “{other}” differ only in {difference}; “{other}” is in {place}",
        "spell the name the same way everywhere",
    ),
    "name-close": Rule(
        "“{name}” is very similar to “{other}”, which is in {place}",
        "did you mean “{other}”? If “{name}” is right, list it in site.yaml",
        "warning",
    ),
    "path-too-long": Rule("the path {path} is too long for a file system", "use shorter slugs"),
    # References
    "link-broken": Rule("link target not found: “{target}”", "check the file name and the folder"),
    "markup-in-address": Rule(
        "the address “{target}” is written for another program",
        "write the address itself: [text](../2020/other.md), or the name of the picture’s file",
    ),
    "link-unpublished": Rule(
        "“{target}” links to an article that is not published", "publish it or remove the link"
    ),
    "link-later": Rule(
        "“{target}” is not published before {date}",
        "until then, the words appear without the link; if you do not want that, change a `date`",
        "warning",
    ),
    "link-expires": Rule(
        "“{target}” expires on {date}",
        "after that, the link leads to a page that says so: remove the link, or change `expires`",
        "warning",
    ),
    "link-left-out": Rule(
        "“{target}” links to a source that is left out because it has errors",
        "fix that source first",
        "warning",
    ),
    "anchor-broken": Rule(
        "there is no heading “#{anchor}” in {target}", "the existing anchors are: {known}"
    ),
    "anchor-twice": Rule(
        "the anchor “#{anchor}” is defined twice: links go to the first one",
        "give the second one another name",
        "warning",
    ),
    "link-outside-content": Rule(
        "“{target}” points outside the content folder",
        "copy the file to the same folder as this one",
    ),
    "image-missing": Rule(
        "the picture “{target}” does not exist", "put the file in the same folder as this one"
    ),
    "attachment-missing": Rule(
        "the attachment “{target}” does not exist", "put the file in the same folder as this one"
    ),
    "attachment-too-large": Rule(
        "the file “{target}” is too large: {reason}",
        "publish it elsewhere, and link to it",
    ),
    "file-type": Rule(
        "“{target}” is a type of file that browsers or servers would run as part of the site",
        "publish it as a PDF or in a ZIP file, or write its text here",
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
    "look-file": Rule(
        "`{key}`: “{target}” cannot be used: {reason}",
        "`logo` is a picture, `band` an SVG drawing, `font` a folder with WOFF2 files, "
        "each of {limit} MB at most",
    ),
    "font-family": Rule(
        "“{value}” cannot be the name of a font",
        "use letters, digits, spaces and hyphens only",
    ),
    "color-form": Rule("“{value}” is not a colour", "write six digits in quotes: `{example}`"),
    "color-empty": Rule(
        "`{key}` has no value; without quotes, # begins a comment",
        "write the colour in quotes: `{example}`",
    ),
    "contrast": Rule(
        "{scheme}, {text} ({color}) on {ground} ({other}) have a contrast of {ratio}:1; "
        "many readers need {least}:1",
        "choose a darker or a lighter colour",
        "warning",
    ),
    "image-broken": Rule(
        "the picture “{target}” cannot be published: {reason}",
        "open it in an image editor and save it again as JPEG or PNG",
    ),
    "file-content": Rule(
        "“{target}” is not a {format} file",
        "export it as {format} again; a new name does not change what a file is",
    ),
    "figure-not-alone": Rule(
        "“{target}” is not a picture, and is in the middle of a text",
        "put it into a paragraph of its own, or write a link: `[text]({target})`",
    ),
    "media-broken": Rule(
        "the file “{target}” cannot be shown: {reason}",
        "save it again with the program that it was made with, or put another one in its place",
    ),
    "media-elsewhere": Rule(
        "“{target}” cannot be shown: it is not in the content folder",
        "copy the file to the folder of this report, or write a link to it: [text](address)",
    ),
    "media-without-text": Rule(
        "nothing says what “{target}” is",
        "write it between the brackets: ![interview with the village elder](film.mp4)",
        "warning",
    ),
    "video-without-captions": Rule(
        "the video “{target}” has sound, but no captions: many readers do not hear it",
        "put the captions next to it, as {file}",
        "warning",
    ),
    "captions-broken": Rule(
        "the captions of “{target}” cannot be used: {file} has mistakes",
        "correct the lines that are named, or delete the file",
    ),
    "captions-line": Rule(
        "{reason}", "the format is WebVTT; most programs for subtitles can save it"
    ),
    "search-long-word": Rule(
        "search does not find words of more than {limit} letters; this report has {count}",
        "put a space where a word ends",
        severity="warning",
    ),
    "search-many-words": Rule(
        "search finds the first {limit} different words of a report; this one has {count} more",
        "split the report",
        severity="warning",
    ),
    "image-too-large": Rule(
        "the picture “{target}” has more than {limit} million pixels",
        "save a smaller copy; a width of 4000 pixels is enough for any screen",
    ),
    "image-too-slow": Rule(
        "the picture “{target}” takes more than {seconds} seconds to process",
        "save a smaller copy; a width of 4000 pixels is enough for any screen",
    ),
    "animation-too-long": Rule(
        "the animation “{target}” has more than {limit} million pixels in all its frames",
        'save it as a video: <video src="film.mp4" controls></video>',
    ),
    "iframe-host": Rule(
        "the frame from “{host}” was removed",
        "to allow it, add the host to `iframe_hosts` in site.yaml",
        "warning",
    ),
    "html-unclosed": Rule(
        "{tag} is not closed, so everything after it is lost",
        "close it, or put {tag} in backticks (`) if it is meant as text",
    ),
    "html-removed": Rule("{what} is not allowed here and was removed", "{advice}", "warning"),
    "markup-left": Rule("“{text}” belongs to another program", "{advice}", "warning"),
    "footnote-unused": Rule(
        "the footnote [^{name}] is never used",
        "write [^{name}] where it belongs in the text, or delete the footnote",
        "warning",
    ),
    "table-row-long": Rule(
        "this row has {cells} cells, but the table has {columns} columns: the rest is not shown",
        "write `\\|` where `|` is meant as text, or add a column to the first two lines of the table",
        "warning",
    ),
    "too-slow": Rule(
        "this text takes more than {seconds} seconds to parse",
        "something is repeated thousands of times (brackets, asterisks, quotes): shorten or split the text",
    ),
    "too-large": Rule("this file is too large: {reason}", "split it, or save a smaller copy"),
    "file-changed": Rule("this file changed while the site was being built", "build again"),
    "worker-ended": Rule(
        "the process that read this file ended unexpectedly",
        "build again; if that does not help, take out parts of the file until it does, and report the problem",
    ),
    "markdown-depth": Rule("the text is nested too deeply", "use fewer levels of lists or quotes"),
    # Tables of data and charts
    "data-empty": Rule(
        "this table has no rows",
        "name the columns in the first line, and write the rows below it",
    ),
    "data-title": Rule(
        "“{text}” is a title, but the first line of a table must name its columns",
        "delete this line, and write the title in the report",
    ),
    "data-header": Rule(
        "column {number} has no name",
        "name each column in the first line; delete what is above it",
    ),
    "data-header-twice": Rule("two columns are called “{name}”", "give each column its own name"),
    "data-row": Rule(
        "this row has {cells} cells, but the table has {columns} columns",
        "write all cells; put quotation marks around a cell that contains “{separator}”",
    ),
    "data-columns": Rule(
        "the table has {count} columns; the limit is {limit}",
        "divide it into several tables, or offer the file for download",
    ),
    "data-quote": Rule(
        "this cell begins with a quotation mark, but does not end with one",
        'close it; write a quotation mark inside a cell twice: ""',
    ),
    "data-formula": Rule(
        "“{text}” looks like a formula to a spreadsheet; it is shown as text",
        "write the result instead of the formula",
        "warning",
    ),
    "data-mixed": Rule(
        "“{text}” is not a number, but the column “{name}” has numbers",
        "write a number such as {example}, or leave the cell empty",
        "warning",
    ),
    "data-number": Rule(
        "“{text}” cannot be drawn: it is not a number",
        "write a number such as {example}, or leave the cell empty",
    ),
    "data-total": Rule(
        "the row “{name}” is the total of the others: beside it, they look small",
        "write `skip: {name}` in the chart, and it is only in the table",
        "warning",
    ),
    "data-negative": Rule(
        "{text} cannot be stacked: it is negative",
        "write `type: bars` in the chart",
    ),
    "data-order": Rule(
        "the row “{text}” is not later than the one above it, but a line runs through time",
        "sort the rows by date, the oldest first",
    ),
    "data-errors": Rule("“{target}” has errors, so it cannot be shown here", "correct that file"),
    "chart-file": Rule(
        "“{target}” is not the name of a CSV file",
        "write the name of a file that ends in .csv, or the table itself, indented",
    ),
    "chart-column": Rule(
        "{file} has no column “{name}”",
        "its columns are: {known}",
    ),
    "chart-column-text": Rule(
        "the column “{name}” has no numbers",
        "name columns with numbers, or write `type: table`",
    ),
    "chart-numbers": Rule(
        "{file} has no numbers to draw",
        "write numbers such as {example}, or `type: table`",
    ),
    "chart-series": Rule(
        "{count} columns have numbers; a chart shows at most {limit}",
        "name those to show: `columns: [{names}]`",
    ),
    "chart-rows": Rule(
        "{count} rows are too many for this type of chart; the limit is {limit}",
        "write `type: {better}`, or put fewer rows into the table",
    ),
    "chart-skip": Rule(
        "{file} has no row “{name}”",
        "write the name as it is in the column “{column}”",
    ),
    "chart-point": Rule(
        "a line needs two rows with numbers at least",
        "write `type: bars`",
    ),
    # Theme
    "template-syntax": Rule("the template cannot be read: {reason}", "see docs/theme.md"),
    "template-name": Rule("{reason}", "docs/theme.md lists what a template may use"),
    "template-missing": Rule(
        "the template {name} does not exist", "add it to the templates folder"
    ),
    "block-missing": Rule(
        "without a block “{name}”, this template does not show what kheo/{child} writes there",
        "compare it with kheo/{original}, and add the block",
        "warning",
    ),
    "copy-outdated": Rule(
        "the original of this copy, kheo/{name}, has changed since", "{advice}", "warning"
    ),
    "template-unused": Rule(
        "nothing uses this file of the theme", "delete it, or correct its name", "warning"
    ),
    "text-unused": Rule(
        "no template has the text “{text}”",
        "delete it, or write it as the template does",
        "warning",
    ),
    "catalogue": Rule("the language file cannot be read: {reason}", "see docs/theme.md"),
    "check-code": Rule("unknown warning code “{value}”", "see docs/checks.md for all codes"),
    # Mistakes in pasted text, reported only by `check`
    "no-break-space": Rule(
        "misplaced no-break space",
        "use an ordinary space, or none at the start or end of a line",
        "warning",
        "if unambiguous",
    ),
    "invisible-character": Rule(
        "the text contains an invisible character ({name})",
        "delete it",
        "warning",
        "if unambiguous",
    ),
    "decomposed": Rule(
        "letters and their accents are separate characters here (NFD)",
        "`check --fix` combines them",
        "warning",
        "always",
    ),
    "spaces": Rule("more than one space between two words", "keep only one", "warning", "always"),
    "space-before": Rule(
        "there is a space before “{sign}”", "delete the space", "warning", "if unambiguous"
    ),
    "space-after": Rule(
        "there is no space after “{sign}”", "add a space", "warning", "if unambiguous"
    ),
    "space-inside": Rule(
        "there is a space just inside “{sign}”", "delete the space", "warning", "if unambiguous"
    ),
    "quotes-mixed": Rule(
        "the text mixes straight and curly quotation marks",
        "use “…” everywhere",
        "warning",
        "if unambiguous",
    ),
    "power": Rule(
        "the exponent in “{written}” is not superscript",
        "write {better}",
        "warning",
        "if unambiguous",
    ),
    "heading-skip": Rule(
        "this heading skips a level", "write {better} instead of {level}", "warning"
    ),
    "heading-space": Rule(
        "“{text}” is text, not a heading: a space is missing after {level}",
        "write {level} {text_after}",
        "warning",
        "if unambiguous",
    ),
    "heading-faked": Rule("“{text}” is bold text used as a heading", "write ## {text}", "warning"),
    "long-paragraph": Rule(
        "this paragraph has {size} characters; more than {limit} are hard to read on a phone",
        "put a blank line where a new idea begins",
        "warning",
    ),
    "bullet-pasted": Rule(
        "“{sign}” at the start of a line does not make a list",
        "start the line with - and a space",
        "warning",
        "if unambiguous",
    ),
    "list-by-accident": Rule(
        "“{number}.” at the start of a line makes a numbered list",
        "write {number}\\. with a backslash",
        "warning",
        "if unambiguous",
    ),
    "code-by-accident": Rule(
        "this paragraph starts with spaces or a tab, which makes it a code block",
        "delete the spaces or tabs before its first word",
        "warning",
    ),
    "heading-by-accident": Rule(
        "the dashes below “{text}” make it a heading",
        "put a blank line between them, or write ## {text} if it is a heading",
        "warning",
        "if unambiguous",
    ),
    "table-header": Rule(
        "this table has no header", "name each column in the first row", "warning"
    ),
    "title-repeated": Rule(
        "the text repeats its own title", "delete it; the page shows the title", "warning"
    ),
    "pager-left": Rule(
        "“{text}” is page navigation copied from another page", "delete the line", "warning"
    ),
    "signature-left": Rule(
        "the text contains the author’s name, “{name}”, as a signature",
        "delete it; the page shows the author",
        "warning",
    ),
    "date-future": Rule(
        "{text} is much later than the article’s date, {date}", "check the year", "warning"
    ),
    "bare-link": Rule(
        "the bare URL {url} is used as link text",
        "write [a description of the page]({url})",
        "warning",
    ),
    "link-text": Rule(
        "the link text “{text}” does not say where the link goes",
        "describe the page: [the plan for 2026](…)",
        "warning",
    ),
    "name-variant": Rule(
        "“{name}” is also spelled “{other}”, in {place}",
        "spell the name the same way everywhere",
        "warning",
    ),
    "file-unused": Rule(
        "no source refers to this file, so it is not published{also}",
        "delete it, or link to it; what belongs in the root of the site goes to templates/public/",
        "warning",
    ),
    "external-broken": Rule(
        "{url} cannot be reached: {reason}", "correct the URL, or remove the link", "warning"
    ),
    # The run
    "site-file-missing": Rule(
        "there is no site here: {path} has no site.yaml",
        "go to the folder of your site, check `--content`, or start a new site with `{command} init`",
    ),
    "output-foreign": Rule(
        "{path} was not written by this program",
        "move it, choose another `--output`, or use `--force` to overwrite it",
    ),
    "output-folder": Rule(
        "{path} is in the way of a file of the site, and was not made by this program",
        "move it, or choose another `--output`",
    ),
    "output-overlap": Rule(
        "the output folder and the {other} folder overlap",
        "choose another `--output`",
    ),
    "all-articles-gone": Rule(
        "there are no articles left, but {count} article pages are published",
        "check `--content`, or use `--allow-empty` to remove these pages",
    ),
    "max-removed": Rule(
        "this build would remove {count} of {total} published pages: {pages}",
        "if this is intended, use `--max-removed 100`",
    ),
}
