"""Tables as people save them; every mistake is reported where it is."""

import pytest

from kheo.config import TableOptions
from kheo.diagnostics import Place
from kheo.read.data.table import read_table
from kheo.tables import DataTable

VIETNAMESE, ENGLISH = TableOptions("vi", "day-first"), TableOptions("en", "")


def read(
    data: str | bytes, options: TableOptions = VIETNAMESE
) -> tuple[DataTable | None, list[str]]:
    data = data.encode() if isinstance(data, str) else data
    table, found = read_table(data, Place("a.csv"), options)
    return table, [f"{d.place.line}:{d.place.column} {d.code}" for d in found]


def kinds(data: str | bytes, options: TableOptions = VIETNAMESE) -> list[tuple[object, ...]]:
    table, found = read(data, options)
    assert table, found
    return [(column.name, column.kind, *column.texts) for column in table.columns]


SAME = [("Năm", "year", "2023", "2024"), ("Số hộ", "number", "1.200", "1,5")]


@pytest.mark.parametrize(
    "data",
    [
        "Năm;Số hộ\n2023;1.200\n2024;1,5\n",
        "Năm;Số hộ\r\n2023;1200\r\n2024;1,5",
        "Năm\tSố hộ\n2023\t1200\n2024\t1,5\n",
        'Năm,Số hộ\n2023,"1.200"\n2024,"1,5"\n',
        '"Năm" , "Số hộ"\n"2023" ,1200\n2024, "1,5" \n\n',
        "sep=|\nNăm|Số hộ\n2023|1200\n2024|1,5",
        "SEP=;\r\nNăm;Số hộ;;\r\n2023;1200;;\r\n;;;\r\n2024;1,5;;\r\n",
        b"\xef\xbb\xbf" + "Năm;Số hộ\n2023;1.200\n2024;1,5".encode(),
        "Năm\tSố hộ\r\n2023\t1.200\r\n2024\t1,5".encode("utf-16"),
        b"\xfe\xff" + "Năm;Số hộ\n2023;1.200\n2024;1,5".encode("utf-16-be"),
    ],
)
def test_one_table_in_many_forms(data: str | bytes) -> None:
    assert kinds(data) == SAME


def test_numbers_are_those_of_the_language() -> None:
    data = 'Year,Homes\n2023,"1,200"\n2024,1.5\n'
    assert kinds(data, ENGLISH) == [
        ("Year", "year", "2023", "2024"),
        ("Homes", "number", "1,200", "1.5"),
    ]


def test_kinds_of_columns() -> None:
    data = (
        "Tên;Năm lập;Mã;Ngày;Tháng;Tỷ lệ;Ghi chú;Số\n"
        "A;1999;007;01/05/2024;1/2024;23%;;2000\n"
        "B;2001;0269;2024-05-02;2024-02;5,5%;x;–\n"
    )
    table, found = read(data)
    assert table
    assert found == []
    assert [column.kind for column in table.columns] == [
        "text", "year", "text", "date", "date", "number", "text", "number",
    ]  # fmt: skip
    assert [column.texts[1] for column in table.columns] == [
        "B", "2001", "0269", "2024-05-02", "2024-02", "5,5%", "x", "–",
    ]  # fmt: skip
    rate = table.columns[5]
    assert (rate.values, rate.decimals, rate.is_percent) == ((23.0, 5.5), 1, True)
    months = table.columns[4].values
    assert months[1] - months[0] == 31  # type: ignore[operator]


def test_a_cell_that_is_not_a_number_is_remembered() -> None:
    table, found = read("Huyện;Hộ\nA;5\nB;chưa có\nC;75.6\nD;1\n")
    assert table
    assert found == []
    odd = table.columns[1].odd
    assert [(one.row, one.text, one.line, one.column) for one in odd] == [
        (1, "chưa có", 3, 3), (2, "75.6", 4, 3),
    ]  # fmt: skip


def test_lines_are_those_of_the_file() -> None:
    table, _ = read('sep=;\n\nHuyện;Hộ\n"Đức\nCơ";5\n\nB;6\n')
    assert table
    assert table.lines == (4, 7)
    assert table.columns[0].texts == ("Đức Cơ", "B")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("", ["0:0 data-empty"]),
        (b"\xef\xbb\xbf\r\n", ["0:0 data-empty"]),
        ("a;b\n", ["1:1 data-empty"]),
        ("Bảng 1;;\na;b;c\n1;2;3\n", ["1:1 data-title"]),
        ("a;b\n1;2;3\n4;5\n6\n", ["2:1 data-row", "4:1 data-row"]),
        ("a;;a\n1;2;3\n", ["1:3 data-header", "1:4 data-header-twice"]),
        ('a;b\n1;"x\n2;y\n', ["2:3 data-quote"]),
        ('a;b\n1;"x" y\n', ["2:3 data-quote"]),
        ("a;b\n=1+1;2\n-x;@y\n-3;+84 269\n", ["2:1 data-formula", "3:1 data-formula", "3:4 data-formula", "4:4 data-formula"]),
        (b"a;b\n1;\xff\n", ["2:3 not-utf8"]),
        ("a;b\n1;2".encode("utf-16-le"), ["1:1 encoding"]),
        (b"\xff\xfea", ["1:1 encoding"]),
        (b"\xff\xfe\0\0a\0\0\0", ["1:1 encoding"]),
        ("a;b\n1;\x01\n", ["2:3 control-character"]),
        (";".join(f"c{n}" for n in range(60)) + "\n" + ";".join("1" * 60), ["1:191 data-columns"]),
        ("a;b\n" + "1;2;3\n" * 50, [f"{line}:1 data-row" for line in range(2, 7)]),
        (b"a\n" + b"1" * 5_000_000, ["0:0 too-large"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported_at_its_cell(data: str | bytes, found: list[str]) -> None:
    assert read(data)[1] == found


def test_a_long_table_keeps_its_first_rows() -> None:
    table, found = read("Năm;Số\n" + "".join(f"a{n};{n}\n" for n in range(2_500)))
    assert table
    assert found == []
    assert (table.count, len(table.lines), table.columns[1].values[-1]) == (2_500, 2_000, 1_999)
