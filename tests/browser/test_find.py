"""The engine of the search page in a browser: it reads words as the build does, and bears odd input."""

import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any
from unicodedata import normalize

import pytest
from babel import Locale, localedata
from hosting import served
from msgspec import structs
from support import Site, article

from kheo.search.folding import fold, one_spelling
from kheo.search.hashing import hash_of
from kheo.search.words import split_words

TEXTS = """
Đường hoa ở xã Đăk Rong, ĐƯỜNG ĐẤT, Ðường ðất
hòa hoà hoàn hỏa hoả khỏe khoẻ loè lòe ủy uỷ thuý thúy quý quỳ Thuỷ Thủy HOÀ UỶ quyển
1.204 hộ, 1204; 12/KH-BDV; 75,6 ha; 87%; 500.000đ/cháu; 5 000 và 5 000; 1.204.5678; 02/09/2020; 0 00 007
500000đ 1204a1204b 12km 1234½ 1234² 1234Ⅳ _1234a x1234a 2020年 ２０２０đ ٣٣٣٣a
bandanvan_gl@gmail.com https://example.org/a_b?c=d#e snake_case _ __
ＡＢＣ１２３ ｶﾞ ﬁne m² ½ Ⅳ ① №5 x₂
北京市 東京都庁 ひらがな カタカナ 々 한국어를 공부 ภาษาไทย ລາວ မြန်မာ ខ្មែរ 𠀀𠀁𠀂 Kheo東京2026年
مُعَلِّم الأَمْن إلى آخر ـــ مدرسة ١٢٣ עִבְרִית שָׁלוֹם हिन्दी नमस्ते தமிழ்
İstanbul ISPARTA ırmak straße STRASSE Straẞe Øre Łódź æon œuvre þing ſ ŋ ħ ΣΊΣΥΦΟΣ έλα ёлка й
na\u00advi\u200bgate soft\u00adhyphen zero\u200djoiner \ufeffbom a\u2060b rock’n’roll l'eau it's
😀 emoji👩‍👩‍👧 ♥ \t\n "quotes" «a» <b>html</b> &amp; \u0000 a\u0301\u0323 \u0301alone e\u20dd
""".strip().splitlines()
LETTERS = "aăâbdđeêoôơuưyòóọỏõáàạảãếềởửữựĐÐÊ09.,/- _'’\u00a0\u0301\u0303\u0309\u0323\u00ad東京ก가اة"


def many_texts() -> list[str]:
    chance = Random(14)
    made = ["".join(chance.choices(LETTERS, k=chance.randint(1, 30))) for _ in range(2_000)]
    forms = ("NFC", "NFD", "NFKC")
    spelt = [normalize(form, text) for text in TEXTS for form in forms]
    return spelt + [text.upper() for text in spelt] + made


HTML = '<img src=x onerror="window.hacked=1">&amp;<b>đậm</b> "ngoặc"'
NUMBERS = (
    "Có 1.204 hộ, 87% diện tích, văn bản 12/KH-BDV, 500.000đ, thư gửi ban_dv@tinh.vn, NTM, homestay, home visit. "
    * 2
)
BODY = "Tổ hòa giải của làng có chín người, ai cũng được bà con tin. "


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A site of some reports, and where it is served."""
    site = Site(tmp_path_factory.mktemp("engine"))
    site.options = structs.replace(site.options, search=True)
    chance = Random(5)
    syllables = [
        f"{one}{two}" for one in ("kh", "ng", "th", "tr", "ph", "l") for two in ("oi", "an", "êu")
    ]
    for number in range(86):
        text = " ".join(chance.choices(syllables, k=80))
        site.write(
            f"articles/{number}.md",
            article(f"Bản tin số {number}", text, date=f"2024-03-{number % 28 + 1:02}"),
        )
    site.write("articles/hoa.md", article("Tổ hòa giải ở làng Kép", BODY, date="2021-02-12"))
    site.write(
        "articles/thon.md",
        article(
            "Xây dựng nông thôn mới",
            BODY,
            date="2021-05-01",
            also="[Văn bản > Mẫu, Văn bản > Đơn]",
        ),
    )
    site.write("articles/moi.md", article("Nông thôn, miền núi", BODY * 2, date="2020-05-01"))
    site.write("articles/html.md", article(json.dumps(HTML)[1:-1], BODY, date="2022-01-09"))
    site.write("articles/so.md", article("Số liệu cơ sở", NUMBERS, date="2022-03-01"))
    site.write(
        "articles/mai.md",
        article(
            "Mái ấm, bản xa",
            "Chữ.",
            slug="xa-mot",
            date="2022-04-01",
            summary="Phóng sự ảnh.",
            source="Báo Gia Lai",
        ),
    )
    site.write(
        "articles/mai2.md", article("Mai am, ban xa", "Chữ.", slug="xa-hai", date="2023-04-01")
    )
    site.write(
        "articles/mai3.md", article("Khác", "Mai am, ban xa.", slug="xa-ba", date="2024-04-01")
    )
    site.write(
        "articles/tokyo.md", article("東京都庁の新しい道", "Chữ.", slug="tokyo", date="2022-05-01")
    )
    words = " ".join(f"t{number:x}z" for number in range(100_000))
    site.write("articles/many.md", article("Rất nhiều từ", words, date="2022-01-10"))
    assert site.build().counts
    with served(Path(site.options.output)) as address:
        yield site, address


Ask = Callable[..., Any]


@pytest.fixture
def ask(built: tuple[Site, str], open_page: Any) -> Ask:
    """Runs a function of JavaScript with an index, its module and a value."""
    site, address = built
    output = Path(site.options.output)
    (module, more) = (
        f"/assets/{one.name}"
        for name in ("find", "more")
        for one in output.glob(f"assets/{name}.*js")
    )
    visit = open_page(f"{address}/404.html")

    def asked(code: str, value: Any = None, route: Any = None) -> Any:
        if route:
            visit.page.route("**/assets/search/*.bin", route)
        return visit.page.evaluate(
            f"""async value => {{
                const module = await import("{module}");
                const index = new module.Index("/assets/search/", "vi", () => import("{more}"));
                const titles = async (query, choices) => {{
                    const found = await index.search(query, choices);
                    const records = await index.records(found.numbers);
                    return {{ ...found, titles: records.map(one => one && one.title) }};
                }};
                return await ({code})(value, {{ module, index, titles, more: "{more}" }});
            }}""",
            value,
        )

    return asked


FIND = "(query, { titles }) => titles(query)"


def test_words_are_those_of_the_build(ask: Ask) -> None:
    texts = many_texts()
    found = ask(
        """(texts, { module: { splitWords, oneSpelling, fold, hash } }) => texts.map(text =>
            splitWords(text).map(oneSpelling).map(word => [word, fold(word), hash(fold(word))]))""",
        texts,
    )
    for text, words in zip(texts, found, strict=True):
        spelt = [one_spelling(word) for word in split_words(text)]
        assert words == [[word, fold(word), hash_of(fold(word))] for word in spelt], repr(text)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("hòa giải", "Tổ hòa giải ở làng Kép"),
        ("hoà giải ở làng", "Tổ hòa giải ở làng Kép"),
        ("HOA GIAI", "Tổ hòa giải ở làng Kép"),
        ('"nông thôn mới"', "Xây dựng nông thôn mới"),
        ("nongthon moi", "Xây dựng nông thôn mới"),  # joined
        ("xay dugn nong thon moi", "Xây dựng nông thôn mới"),  # swapped
        ("hòa giả ở làng kép", "Tổ hòa giải ở làng Kép"),  # left out
        ("12/2/2021", "Tổ hòa giải ở làng Kép"),
        ("ngày 12 tháng 2 năm 2021", "Tổ hòa giải ở làng Kép"),
        ("2021-02-12", "Tổ hòa giải ở làng Kép"),
        ("12 tháng 2, 2021", "Tổ hòa giải ở làng Kép"),
        (normalize("NFD", "hoà giải ở làng"), "Tổ hòa giải ở làng Kép"),
        ("ｈòa　ＧＩẢＩ ở làng", "Tổ hòa giải ở làng Kép"),
        ("1.204", "Số liệu cơ sở"),
        ("1204 hộ", "Số liệu cơ sở"),
        ("87%", "Số liệu cơ sở"),
        ("500000đ", "Số liệu cơ sở"),
        ("home visit", "Số liệu cơ sở"),
        ("ho mestay", "Số liệu cơ sở"),  # in one report
        ("phóng sự ảnh", "Mái ấm, bản xa"),  # in the summary
        ("Báo Gia Lai", "Mái ấm, bản xa"),  # the source
        ("12/KH-BDV", "Số liệu cơ sở"),
        ("ban_dv@tinh.vn", "Số liệu cơ sở"),
        ("ntm", "Số liệu cơ sở"),
        ("homestay", "Số liệu cơ sở"),
        ("Mái ấm bản xa", "Mái ấm, bản xa"),  # exact accents above folded, though older
        ("都庁", "東京都庁の新しい道"),
    ],
)
def test_the_report_that_is_meant_is_first(ask: Ask, query: str, title: str) -> None:
    assert ask(FIND, query)["titles"][0] == title


def test_title_is_above_text_and_newer_above_older(ask: Ask) -> None:
    found = ask(FIND, "mai am ban xa")["titles"]
    assert found == ["Mai am, ban xa", "Mái ấm, bản xa", "Khác"]


def test_a_year_and_a_month_lead_to_the_archive(ask: Ask) -> None:
    code = (
        "async (query, { index }) => (await index.pages(query)).map(one => [one.kind, one.title])"
    )
    assert ask(code, "tháng 2 năm 2021") == [["month", "tháng 2 năm 2021"]]
    assert ask(code, "2021") == [
        ["month", one] for one in ("2021", "tháng 5 năm 2021", "tháng 2 năm 2021")
    ]


def test_dates_are_read_in_every_language(ask: Ask) -> None:
    """Also where names of months have marks that no pattern may have escaped, as in Thai."""
    code = """(languages, { module, more }) => Promise.all(languages.map(async language => {
        const index = new module.Index("", language, () => import(more)), { date } = await index.more();
        const as = { dateStyle: "long", calendar: "gregory", numberingSystem: "latn", timeZone: "UTC" };
        const found = date(new Intl.DateTimeFormat(language, as).format(Date.UTC(2024, 2, 5)));
        return [language, found?.year, found?.month, found?.day].join(" ");
    }))"""
    known = sorted(Locale.parse(one).language for one in localedata.locale_identifiers())
    languages = sorted({one for one in known if len(one) == 2})
    assert ask(code, languages) == [f"{one} 2024 3 5" for one in languages]


def test_a_first_query_asks_for_little(ask: Ask) -> None:
    """One request for each word, pair and result, and one for the entry."""
    asked: list[str] = []

    def route(one: Any) -> None:
        asked.append(one.request.url.rpartition("/")[2])
        one.continue_()

    ask(
        """async (_, { index }) => {
            const [found] = await Promise.all([index.search("nông thôn mới"), index.pages("nông thôn mới")]);
            await index.records(found.numbers.slice(0, 3));
        }""",
        route=route,
    )
    kinds = [one[0] for one in asked]
    assert kinds.count("e") == 1
    assert kinds.count("w") == 3
    assert kinds.count("p") <= 2
    assert kinds.count("r") <= 3
    assert len(kinds) <= 9


def test_filters_and_order(ask: Ask) -> None:
    found = ask("(_, { titles }) => titles('', { filters: { year: '2021' } })")
    assert found["titles"] == ["Xây dựng nông thôn mới", "Tổ hòa giải ở làng Kép"]
    found = ask("(_, { titles }) => titles('nông thôn', { sort: 'date' })")
    assert found["titles"] == ["Xây dựng nông thôn mới", "Nông thôn, miền núi"]
    counts = ask("async (_, { index }) => [...(await index.facets(null)).year]")
    assert dict(counts)["2021"] == 2


@pytest.mark.parametrize("category", ["Tin tức", "Văn bản", "Văn bản > Mẫu", "Văn bản > Đơn"])
def test_a_report_is_filtered_and_counted_in_each_of_its_categories(
    ask: Ask, category: str
) -> None:
    count, found = ask(
        """async (name, { titles, index }) => {
            const { id } = (await index.terms()).find(one => one.trail.join(" > ") === name);
            const counts = await index.facets(null);
            const found = await titles("xây dựng", { filters: { category: id } });
            return [counts.category.get(id), found.titles];
        }""",
        category,
    )
    assert found[0] == "Xây dựng nông thôn mới"
    assert (count == 1) == (category != "Tin tức")


@pytest.mark.parametrize(
    "query",
    ["", " ", '"', '""', "“”", "…!?", "\u0000", "\ud800", "\u0301", "%", "\\", "a" * 5_000,
     "từ " * 1_700, "đ́" * 2_500, "<b>", '"' * 5_000, "-" * 5_000, "1." * 2_500],
    ids=lambda query: repr(query[:6]),
)  # fmt: skip
def test_odd_queries_are_answered(ask: Ask, query: str) -> None:
    code = """async (codes, { index }) => {
        const query = String.fromCharCode(...codes), started = performance.now();
        const found = await index.search(query);
        await Promise.all([index.pages(query), index.suggest(query), index.records(found.numbers)]);
        return [found.incomplete, performance.now() - started];
    }"""
    units = query.encode("utf-16-le", "surrogatepass")
    codes = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
    incomplete, milliseconds = ask(code, codes)
    assert not incomplete
    assert milliseconds < 2_000


def test_html_in_a_report_is_text(ask: Ask) -> None:
    found = ask(
        """async (_, { titles, module, index }) => {
            const { titles: [title], words } = await titles("onerror window hacked");
            return [title, module.highlight(title, words).map(one => one.text).join(""), window.hacked];
        }"""
    )
    assert found[0] == found[1]
    assert "<img" in found[0]
    assert found[2] is None


def test_the_first_twenty_thousand_words_of_a_report_are_found(ask: Ask) -> None:
    assert ask(FIND, f"t{19_000:x}z")["titles"] == ["Rất nhiều từ"]
    assert ask(FIND, f"t{29_000:x}z")["total"] == 0


@pytest.mark.parametrize("name", ["w", "p", "r", "facets", "vocabulary"])
@pytest.mark.parametrize("harm", ["missing", "cut off", "empty", "swapped", "no JSON"])
def test_what_is_damaged_is_left_out_and_told(ask: Ask, built: Any, name: str, harm: str) -> None:
    """The other files answer."""
    folder = Path(built[0].options.output) / "assets/search"
    entry = (folder / "entry.bin").read_bytes()

    def is_meant(file: str) -> bool:
        kind = file.partition(".")[0]
        own = kind if kind in ("facets", "vocabulary", "suggestions") else kind[0]
        return own == name

    def route(one: Any) -> None:
        file = one.request.url.rpartition("/")[2]
        if not is_meant(file):
            return one.continue_()
        data = (folder / file).read_bytes()
        bodies = {
            "cut off": data[:-5],
            "empty": b"",
            "swapped": entry,
            "no JSON": zlib.compress(b"["),
        }
        if harm == "missing":
            return one.fulfill(status=404)
        return one.fulfill(body=bodies[harm])

    found = ask(
        """async (_, { index }) => {
            const one = await index.search("nông thôn mới", { filters: { year: "2021" } });
            const typo = await index.search("nogn thôn mới");
            const records = await index.records(one.numbers).catch(() => null);
            return [one.incomplete || typo.incomplete, records];
        }""",
        route=route,
    )
    if name == "r":
        assert not found[1] or found[1] == [None]
    else:
        assert found[0]


def test_what_did_not_come_is_asked_for_again(ask: Ask) -> None:
    failures = [1]

    def route(one: Any) -> None:
        if "/w" in one.request.url and failures:
            failures.pop()
            one.abort()
        else:
            one.continue_()

    found = ask(
        "async (_, { index }) => [await index.search('làng'), await index.search('làng')]",
        route=route,
    )
    assert [one["incomplete"] for one in found] == [True, False]
    assert found[1]["total"] > 0


@pytest.mark.parametrize(("query", "is_cut"), [("bản tni số", True), ("hòa giả lãng kép", False)])
def test_nearest_matches_beyond_those_kept_are_more_than_so_many(
    ask: Ask, query: str, is_cut: bool
) -> None:
    found = ask(FIND, query)
    assert (found["nearest"], bool(found.get("isCut"))) == (True, is_cut)
    assert found["total"] == 80 if is_cut else found["total"] < 80
