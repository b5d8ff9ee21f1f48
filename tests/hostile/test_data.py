"""CSV files and chart blocks that are broken, huge, something else, or carry what acts."""

from functools import cache
from time import process_time

from harmless import build, told
from support import Site, article

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
CHART = "```chart\ndata: x.csv\ntitle: T\n```"
TABLE = "![T](x.csv)"
AT, IN = "a.md:8:1", "x.csv"
# name: the CSV file, the text of the report, what is said (a place in the folder, and a code)
FILES: dict[str, tuple[bytes | str, str, list[str]]] = {
    "markup in every cell": (f'"{EVIL.replace(chr(34), chr(34) * 2)}"; b{EVIL}\nx;1\n', TABLE, []),
    "markup in a chart": (f"a; b{EVIL}\n x{EVIL};1\nc;2\n", CHART, []),
    "formulas": ("a;b\n=cmd|' /C calc'!A0;1\n@SUM(1);2\n", CHART, [f"{IN}:2:1 data-formula", f"{IN}:3:1 data-formula"]),
    "only separators": (";;;;\n;;;\n", TABLE, [f"{IN}:1:1 data-empty"]),
    "nothing": ("", TABLE, [f"{IN}:0:0 data-empty"]),
    "NULs": (b"a;b\n" + bytes(1_000), TABLE, ["a.md:7:6 file-content"]),
    "a workbook": (b"PK\3\4" + bytes(500), CHART, [f"{AT} file-content"]),
    "a PDF": (b"%PDF-1.7\n/JS (app.alert(1))", CHART, [f"{AT} file-content"]),
    "a page": ("<!DOCTYPE html><script>alert(1)</script>", CHART, [f"{AT} file-content"]),
    "UTF-16 without a mark": ("a;b\n1;2\n".encode("utf-16-le"), CHART, [f"{IN}:1:1 encoding"]),
    "UTF-32": ("a;b\n1;2\n".encode("utf-32"), CHART, [f"{IN}:1:1 encoding"]),
    "half a character of UTF-16": (b"\xff\xfea\0;\0b\0\n\0\xd8", CHART, [f"{IN}:1:1 encoding"]),
    "Windows-1252": ("a;b\nné;2\n".encode("cp1252"), CHART, [f"{IN}:2:2 not-utf8"]),
    "control characters": ("a;b\n\x1b[31m;2\n", CHART, [f"{IN}:2:1 control-character"]),
    "letters that turn the line around": ("a;b\n\u202ex;2\ny;3\n", CHART, [f"{IN}:2:1 control-character"]),
    "quotation marks without end": ('a;b\n"1;2\n"3;4\n' + '"' * 1_001, CHART,
        [f"{IN}:2:1 data-quote", f"{IN}:3:1 data-row"]),
    "quotation marks that would be quadratic": ("a;b\n" + '"""";\n' * 50_000, TABLE, []),
    "a million cells in a row": ("a;b\n" + ";" * 1_000_000 + "x", TABLE, [f"{IN}:2:1 data-row"]),
    "a thousand columns": (";".join(f"c{n}" for n in range(1_000)) + "\n" + ";".join("1" * 1_000), TABLE,
        [f"{IN}:1:191 data-columns"]),
    "numbers beyond all floats": ("a;b\nx;" + "9" * 400 + "\ny;1\nz;2\n", CHART, [f"{IN}:2:3 data-number"]),
    "numbers near the end of floats": ("a;b\nx;" + "9" * 39 + "\ny;1\n", CHART, []),
    "numbers that are all the same": ("a;b\nx;5\ny;5\n", CHART.replace("data:", "type: line\ndata:"), []),
    "infinities": ("a;b\nx;inf\ny;NaN\nz;1e999\n", CHART, [f"{AT} chart-numbers"]),
    "zeros": ("a;b\nx;0\ny;0\n", CHART.replace("data:", "type: stacked\ndata:"), []),
    "a very long cell": ("a;b\n" + "x" * 200_000 + ";1\ny;2\n", CHART, []),
    "6 MB": ("a;b\n" + "xxxxxxxx;1\n" * 600_000, TABLE, [f"{IN}:0:0 too-large"]),
    "a path out of the site": ("a;b\n1;2\n", CHART.replace("x.csv", "../../../etc/passwd.csv"), [f"{AT} link-outside-content"]),
    "an address": ("a;b\n1;2\n", CHART.replace("x.csv", "https://evil.example/x.csv"), [f"{AT} chart-file"]),
    "a script instead of data": ("a;b\n1;2\n", CHART.replace("x.csv", "x.js"), [f"{AT} chart-file"]),
    "markup in the block": ("a;b\n1;2\n", CHART.replace("T", f"'{EVIL}'"), []),
    "a merge bomb in the block": ("a;b\n1;2\n", "```chart\na: &a [x, x]\nb: *a\n```", ["a.md:8:4 yaml-feature"]),
    "a block of NULs written as YAML": ("a;b\n1;2\n", CHART.replace("T", '"\\0"'), ["a.md:9:8 control-character"]),
    "a table in a table in a list": ("a;b\n1;2\n", "- > ```chart\n  > title: x\n  > data:\n  >   a;b\n  >   1;2;3\n  > ```", ["a.md:11:7 data-row"]),
    "a thousand charts": ("a;b\n1;2\n", "```chart\n```\n\n" * 1_000, ["a.md:6:1 too-large"]),
}  # fmt: skip


@cache
def data_of(name: str) -> bytes:
    data = FILES[name][0]
    return data.encode() if isinstance(data, str) else data


def test_data_and_charts(site: Site) -> None:
    """Each has its own folder. What is bad is reported where it is, and all others are published."""
    expected = {}
    for number, (name, (_, body, codes)) in enumerate(FILES.items()):
        folder = f"articles/{number:02}"
        site.write(f"{folder}/x.csv", data_of(name))
        site.write(f"{folder}/a.md", article(f"Bài {number}", body))
        in_file = any(code.startswith(IN) and not code.endswith("formula") for code in codes)
        also = [("a.md:7:6" if body == TABLE else AT) + " data-errors"] if in_file else []
        expected[name] = [f"{folder}/{code}" for code in [*also, *codes]]
    start = process_time()
    report = build(site, keep_going=True)
    assert process_time() - start < 30
    found = {
        name: [line for line in told(report) if line.startswith(f"articles/{number:02}/")]
        for number, name in enumerate(FILES)
    }
    assert found == expected
    pages = " ".join(site.tree())
    for number, (name, codes) in enumerate(expected.items()):
        is_good = all(code.endswith("formula") for code in codes)
        assert (f"/bai-{number}/" in pages) == is_good, name
