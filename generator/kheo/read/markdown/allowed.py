"""What may be in the HTML of a body: elements, attributes and addresses; everything else is removed."""

TAGS = {
    "a", "abbr", "address", "aside", "audio", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite",
    "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li",
    "mark", "meter", "ol", "p", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "section",
    "small", "source", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "track", "u", "ul", "var", "video", "wbr",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "id", "title", "lang", "dir", "role", "aria-hidden", "aria-label"},
    "a": {"href", "hreflang", "rel"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "th": {"colspan", "rowspan", "scope", "abbr"},
    "td": {"colspan", "rowspan"},
    "col": {"span"},
    "colgroup": {"span"},
    "time": {"datetime"},
    "data": {"value"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
    "progress": {"value", "max"},
    "del": {"datetime"},
    "ins": {"datetime"},
    "details": {"open"},
    "audio": {"src", "controls", "loop", "muted", "preload"},
    "video": {"src", "controls", "loop", "muted", "preload", "playsinline", "poster", "width", "height"},
    "source": {"src", "type"},
    "track": {"src", "kind", "srclang", "label", "default"},
}  # fmt: skip
ADDRESSES = {"href", "src", "poster"}
SCHEMES = {"http", "https", "mailto", "tel"}

# Elements that are removed with their content; of all others only the tags are removed.
DROPPED_WHOLE = {"script", "style", "template", "svg", "math"}
# Elements whose content is text to a browser, even if it looks like tags.
RAW_TEXT = {
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext",
}  # fmt: skip

# The elements of the HTML standard that are not allowed here: first current, then obsolete ones.
# `<image>` is read as `<img>` by browsers.
_OTHERS = {
    "area", "article", "base", "body", "button", "canvas", "datalist", "dialog", "embed", "fieldset",
    "footer", "form", "head", "header", "hgroup", "html", "iframe", "input", "label", "legend", "link",
    "main", "map", "math", "menu", "meta", "nav", "noscript", "object", "optgroup", "option", "output",
    "picture", "script", "search", "select", "slot", "style", "svg", "template", "textarea", "title",
    "acronym", "applet", "basefont", "bgsound", "big", "blink", "center", "dir", "font", "frame",
    "frameset", "image", "isindex", "keygen", "listing", "marquee", "menuitem", "multicol", "nextid",
    "nobr", "noembed", "noframes", "param", "plaintext", "rb", "rtc", "spacer", "strike", "tt", "xmp",
}  # fmt: skip
ELEMENTS = frozenset(TAGS | _OTHERS)
