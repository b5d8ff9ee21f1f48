"""Bytes that are no text, and text that is not what it seems."""

import pytest
from harmless import build, told
from support import Site, article

GOOD = article(body="Hội nghị tổng kết công tác dân vận, đường làng ngõ xóm.")
HEAD, _, BODY = GOOD.partition("\n\n")

# «Báo cáo kết quả phong trào thi đua …», «Cộng hòa xã hội chủ nghĩa Việt Nam …», as fonts of old had them
TCVN3 = "B¸o c¸o kÕt qu¶ phong trµo thi ®ua, céng hßa x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do"
VNI = "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM, Ñoäc laäp - Töï do - Haïnh phuùc, ngöôøi laø vaøng"

CASES: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", ["0:0 empty-file"]),
    "one byte": (b"\xff", ["1:1 not-utf8"]),
    "only a mark": (b"\xef\xbb\xbf", ["0:0 empty-file"]),
    "UTF-8 with a mark": (b"\xef\xbb\xbf" + GOOD.encode(), []),
    "two marks": (b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD.encode(), []),
    "UTF-16, little": (GOOD.encode("utf-16"), ["1:1 encoding"]),
    "UTF-16, big, no mark": (GOOD.encode("utf-16-be"), ["1:1 encoding"]),
    "UTF-32": (GOOD.encode("utf-32"), ["1:1 encoding"]),
    "windows-1252": (f"{HEAD}\n\nSáng\n".encode("cp1252", "ignore"), ["2:9 not-utf8"]),
    "UTF-8 read as cp1252": (GOOD.encode().decode("cp1252", "ignore").encode(), ["1:1 encoding"]),
    "TCVN3 in a font of its own": (f"{HEAD}\n\n{TCVN3}\n".encode(), ["1:1 encoding"]),
    "TCVN3, its bytes": (f"{HEAD}\n\n{TCVN3}\n".encode("latin-1", "ignore"), ["1:1 encoding"]),
    "TCVN3 in a title": (GOOD.replace("Bài một", TCVN3).encode(), ["2:1 encoding"]),
    "VNI in a font of its own": (f"{HEAD}\n\n{VNI}\n".encode(), ["1:1 encoding"]),
    "VNI, its bytes": (f"{HEAD}\n\n{VNI}\n".encode("latin-1", "ignore"), ["1:1 encoding"]),
    "VNI in a title": (GOOD.replace("Bài một", VNI).encode(), ["2:1 encoding"]),
    "a lone surrogate": (HEAD.encode() + b"\n\n\xed\xa0\x80\n", ["7:1 not-utf8"]),
    "a pair of surrogates": (HEAD.encode() + b"\n\n\xed\xa0\xbd\xed\xb8\x80\n", ["7:1 not-utf8"]),
    "an overlong slash": (HEAD.encode() + b"\n\n\xc0\xaf\n", ["7:1 not-utf8"]),
    "beyond Unicode": (HEAD.encode() + b"\n\n\xf4\x90\x80\x80\n", ["7:1 not-utf8"]),
    "cut within a letter": (GOOD.encode()[:-3] + b"\xe1\xbb", ["7:54 not-utf8"]),
    "NUL": (HEAD.encode() + b"\n\na\x00b\n", ["7:2 control-character"]),
    "NUL in front matter": (GOOD.replace("Bài", "B\0i").encode(), ["2:9 control-character"]),
    "escape codes": (HEAD.encode() + b"\n\n\x1b[31mred\x1b]0;title\x07\n", ["7:1 control-character", "7:9 control-character", "7:18 control-character"]),
    "backspaces": (HEAD.encode() + b"\n\nsafe\x08\x08\x08\x08evil\n", ["7:5 control-character", "7:6 control-character", "7:7 control-character", "7:8 control-character"]),
    "C1 controls": (f"{HEAD}\n\na\u009bb\n".encode(), ["7:2 control-character"]),
    "right to left": (f"{HEAD}\n\nabc \u202egpj.exe\n".encode(), ["7:5 control-character"]),
    "isolates": (f"{HEAD}\n\n\u2066abc\u2069\n".encode(), ["7:1 control-character", "7:5 control-character"]),
    "Arabic mark": (f"{HEAD}\n\nsố \u061c 12\n".encode(), []),
    "zero width": (f"{HEAD}\n\nd\u200bâ\u200dn\ufeff vận\n".encode(), []),
    "soft hyphens": (f"{HEAD}\n\ndân\u00ad vận\n".encode(), []),
    "no-break spaces": (f"{HEAD}\n\n\u00a0\u00a0\u00a0\nx\n".encode(), []),
    "line separators": (f"{HEAD}\n\na\u2028b\u2029c\x0cd\n".encode(), ["9:2 control-character"]),
    "lone carriage returns": (GOOD.replace("\n", "\r").encode(), []),
    "mixed line ends": (GOOD.replace("\n", "\r\n", 3).encode(), []),
    "decomposed": (GOOD.replace("ội", "o\u0323\u0302i").encode(), []),
    "non-characters": (f"{HEAD}\n\na\ufffeb\uffff\n".encode(), ["7:2 control-character", "7:4 control-character"]),
    "private use": (f"{HEAD}\n\na\ue000b\U0010fffd\n".encode(), []),
    "a replacement character": (f"{HEAD}\n\nB\ufffdi\n".encode(), []),
    "tags": (f"{HEAD}\n\na\U000e0041\U000e007f\n".encode(), []),
    "a tower of marks": (f"{HEAD}\n\n{'a' + chr(0x301) * 10000}\n".encode(), []),
    "emoji": (f"{HEAD}\n\n👩‍👩‍👧‍👦 🇻🇳\n".encode(), []),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ["1:1 not-utf8"]),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ["2:2 not-utf8"]),
    "a ZIP (Word)": (b"PK\x03\x04\x14\x00\x06\x00", ["1:1 encoding"]),
    "gzip": (b"\x1f\x8b\x08\x00", ["1:2 not-utf8"]),
    "HTML": (b"<!DOCTYPE html><html></html>", ["1:1 no-front-matter"]),
    "a body of a megabyte": ((HEAD + "\n\n" + "chữ " * 300_000).encode(), ["6:1 body-too-long"]),
    "a front matter alone": (f"{HEAD}\n".encode(), []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bytes(name: str, site: Site) -> None:
    data, expected = CASES[name]
    site.write("articles/a.md", data)
    assert told(build(site)) == [f"articles/a.md:{line}" for line in expected]
