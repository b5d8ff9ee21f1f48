"""What must not come through the sanitiser, alone and through the whole of Markdown."""

from html.parser import HTMLParser

import pytest

from kheo.diagnostics import Place
from kheo.read.markdown.body import BodyOptions, parse_body
from kheo.read.markdown.sanitise import is_too_deep, sanitise

HOST = "www.youtube.com"
VECTORS = [
    "<script>alert(1)</script>", "<SCRIPT SRC=//e.vn/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>", "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<img src=x onerror=alert(1)>", "<img/src=x/onerror=alert(1)>", "<img src='x' ONERROR='alert(1)'>",
    "<img src=`x` onerror=alert(1)>", "<img src=\"javascript:alert(1)\">", "<img src=x:x onerror=alert(1)//",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>", "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](javascript:alert(1))", "![x\" onerror=\"alert(1)](x.jpg)", "![x](x.jpg \"a\" onerror=alert(1))",
    "![x](x.jpg '\"><script>alert(1)</script>')",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](javascript&colon;alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))", "[x](<java\nscript:alert(1)>)", "[x]( javascript:alert(1))", "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))", "[x](data:text/html,<script>alert(1)</script>)", "[x](DATA:text/html;base64,PHN=)",
    "[x](file:///etc/passwd)", "[x](blob:https://a.vn/x)", "[x][y]\n\n[y]: javascript:alert(1)", "<javascript://a.vn/%0aalert(1)>",
    "[x](javascript:alert(1) 'a')", "[x](https://a.vn/\"onmouseover=\"alert(1))", "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1)\">x</a>", "<a href='' style='background:url(x)'>x</a>",
    "a{: onclick=alert(1)}", "*a*{: onclick=alert(1)}", "# A {onclick=alert(1)}", "a\n{: onmouseover=alert(1) style=x}",
    "[x](a.md){: href=javascript:alert(1)}", "![x](a.jpg){: onerror=alert(1)}", "```{.py onclick=alert(1)}\nx\n```",
    "| a |\n|---|\n| b {: onclick=alert(1)} |", "*a*{: srcdoc=<script>}", "*[X]: \" onclick=alert(1)\n\nX",
    "<base href='https://e.vn/'>", "<form action=x><input onfocus=alert(1) autofocus></form>", "<button formaction=javascript:alert(1)>x",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<style>@import 'x'</style>", "<p style='x:expression(alert(1))'>a</p>",
    "<link rel=stylesheet href=x.css>", "<object data=x></object>", "<embed src=x>", "<applet code=x>", "<frameset onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='https://e.vn/'><img src=x onerror=alert(1)></iframe>", "<iframe><script>alert(1)</script></iframe>",
    f"<iframe src='https://{HOST}/x'><img src=x onerror=alert(1)></iframe>", f"<iframe src='https://{HOST}@e.vn/'></iframe>",
    f"<iframe src='https://{HOST}.e.vn/'></iframe>", f"<iframe src='https://e.vn/#https://{HOST}/'></iframe>",
    f"<iframe src='http://{HOST}/'></iframe>", f"<iframe src='//{HOST}/'></iframe>", f"<iframe src='https:\\\\{HOST}\\@e.vn'></iframe>",
    f"<iframe src='https://{HOST}/' onload=alert(1)></iframe>", f"<iframe src='https://{HOST}/\" onload=\"alert(1)'></iframe>",
    f"<p title=\"<iframe src='https://{HOST}/x onmouseover=alert(1) y='></iframe>\">a</p>",
    f"<IFRAME SRC='https://e.vn/'></IFRAME><iframe src=\"https://{HOST}/\" title='><script>alert(1)</script>'></iframe>",
    "<iframe src='https://[/'></iframe>",
    "<video><source onerror=alert(1)></video>", "<video poster=javascript:alert(1)></video>", "<audio src=data:x onplay=alert(1)>",
    "<details ontoggle=alert(1) open>x</details>", "<body onload=alert(1)>", "<marquee onstart=alert(1)>", "<isindex action=javascript:x>",
    "<template><script>alert(1)</script></template>", "<textarea><script>alert(1)</script></textarea>", "<title><script>alert(1)</script></title>",
    "<xmp><script>alert(1)</script></xmp>", "<plaintext><script>alert(1)</script>", "<noembed><img src=x onerror=alert(1)></noembed>",
    "<!--><script>alert(1)</script>-->", "<!--[if IE]><script>alert(1)</script><![endif]-->", "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml <script>alert(1)</script>?>", "<table><td background=javascript:alert(1)>", "<a name=x href=x ping=https://e.vn>x</a>",
    "<p title='<table onmouseover=alert(1) x='>a</p>", "<p title=\" href='b.md' onmouseover=alert(1) \">a</p>",
    "<blockquote cite='javascript:alert(1)'>x</blockquote>", "<a href='x' target=_blank onclick=alert(1)>x</a>",
    "<div id=site-content>x</div>", "<a id='&#115;ite-nav'>x</a>", "## x {#site-nav}", "## Site nav", "*a*{: #site-nav}",
    "a[^site-x]\n\n[^site-x]: <script>alert(1)</script>", "a[^\"onclick=alert(1)]\n\n[^\"onclick=alert(1)]: b",
    "[^<script>]: x\n\na[^<script>]", "# <script>alert(1)</script>", "# A <img src=x onerror=alert(1)>",
    "<p title='a>b' id=site-x>", "<x-y onclick=alert(1)>a</x-y>", "`<script>alert(1)</script>`{: onclick=alert(1)}",
]  # fmt: skip

ADDRESSES = {"href", "src", "poster", "cite", "action", "formaction", "data", "srcdoc", "ping"}
HARMFUL_TAGS = {"script", "style", "svg", "math", "base", "form", "meta", "link", "object", "embed",
                "template", "noscript", "textarea", "title", "xmp", "input", "button"}  # fmt: skip


class Harm(HTMLParser):
    """Collects what a browser could act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in HARMFUL_TAGS:
            self.found.append(tag)
        if tag == "iframe" and not given["src"].startswith(f"https://{HOST}/"):
            self.found.append(f"iframe {given}")
        for name, value in given.items():
            scheme = "".join(value.split()).lower().partition(":")[0]
            if name.startswith("on") or name in {"style", "srcdoc", "ping"}:
                self.found.append(f"{tag} {name}")
            if (
                name in ADDRESSES
                and ":" in value
                and value[0] != "#"
                and scheme not in {"http", "https", "mailto", "tel"}
            ):
                self.found.append(f"{tag} {name}={value}")
            if name == "id" and value.startswith("site-"):
                self.found.append(f"id={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")


def test_there_are_enough_vectors() -> None:
    assert len(VECTORS) >= 40


@pytest.mark.parametrize("hosts", [(), (HOST,)])
@pytest.mark.parametrize("vector", VECTORS)
def test_no_harm_comes_out(vector: str, hosts: tuple[str, ...]) -> None:
    body, _ = parse_body(vector, "T", "5eed" * 8, Place("a.md", 1), BodyOptions(False, hosts))
    for part in body.parts:
        assert Harm(part).found == []
    assert Harm(sanitise(vector, hosts, "5eed" * 8)[0]).found == []
    assert not any(anchor.startswith("site-") for anchor in body.anchors)
    assert not any(heading.anchor.startswith("site-") for heading in body.headings)


@pytest.mark.parametrize("vector", VECTORS)
def test_what_came_out_stays_as_it_is(vector: str) -> None:
    """Browsers parse again what was parsed: a second pass must find nothing to change."""
    once, _ = sanitise(vector)
    assert sanitise(once)[0] == once


@pytest.mark.parametrize(
    "html",
    [
        '<p class="a" id="b" title="c">x</p>', '<a href="https://a.vn">x</a>', '<a href="mailto:a@a.vn">x</a>',
        '<a href="../a.md#b">x</a>', "<h2>a</h2>", '<ol start="3"><li>a</li></ol>', "<dl><dt>a</dt><dd>b</dd></dl>",
        "<figure><img src=\"a.jpg\" alt=\"b\"><figcaption>c</figcaption></figure>", "<sup>1</sup><sub>2</sub><mark>3</mark>",
        "<small>a</small>", '<details open=""><summary>a</summary>b</details>', '<video src="a.mp4" controls=""></video>',
        '<table><tbody><tr><td colspan="2" class="right">a</td></tr></tbody></table>', '<abbr title="a">b</abbr>',
    ],
)  # fmt: skip
def test_what_is_allowed(html: str) -> None:
    assert sanitise(html)[0] == html


def test_values_are_escaped_as_what_reads_them_expects() -> None:
    """``markdown_tags`` reads quotes itself; ``<`` in a value is a second lock on the same door."""
    assert sanitise("<p title='a<b>\"'>c</p>")[0] == '<p title="a&lt;b&gt;&quot;">c</p>'


def test_refused_frames_are_named() -> None:
    html, losses = sanitise('<iframe src="https://E.vn/x"></iframe>', (HOST,))
    assert (html, losses.frame_hosts) == ("", ("e.vn",))
    assert sanitise("<iframe></iframe>", (HOST,))[1].frame_hosts == ("?",)


def test_depth_counts_what_is_open() -> None:
    assert is_too_deep("<div>" * 500)
    assert not is_too_deep("<p>a</p>" * 5000)
    assert not is_too_deep("<br>" * 5000)
    assert not is_too_deep("<ul>" + "<li><p>a" * 5000 + "</ul>")
    assert is_too_deep("<div></b>" * 500)
