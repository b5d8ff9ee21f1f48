"""A chart block says what to draw; every mistake has a line and a column."""

import pytest

from kheo.config import TableOptions
from kheo.diagnostics import Place
from kheo.read.chart import ParsedChart, parse_chart

OPTIONS = TableOptions("vi", "day-first")


def read(text: str, column: int = 1) -> tuple[ParsedChart | None, list[str]]:
    block, found = parse_chart(text, Place("a.md", 10, column), OPTIONS)
    return block, [f"{d.place.line}:{d.place.column} {d.code}" for d in found]


def test_a_chart_of_a_file() -> None:
    block, found = read(
        "data: a.csv\ntype: line  # a comment\ntitle: 'Tăng: gấp ba'\ncolumns: [Đúng hẹn, Trễ hẹn]\n"
    )
    assert found == []
    assert block
    assert block.table is None
    spec = block.spec
    assert (spec.data, spec.type, spec.title) == ("a.csv", "line", "Tăng: gấp ba")
    assert spec.columns == ("Đúng hẹn", "Trễ hẹn")
    assert block.positions["columns.1"].column == 21


@pytest.mark.parametrize("mark", ["", " |", " |-", "  # here"])
@pytest.mark.parametrize("indent", ["  ", "      ", "\t"])
def test_the_table_itself(mark: str, indent: str) -> None:
    lines = ["Năm;Ghi: chú;# Số", '2023;"a;b";5', "", "2024;c;6"]
    block, found = read(
        f"title: x\ndata:{mark}\n" + "\n".join(indent + line for line in lines) + "\ntype: bars"
    )
    assert found == []
    assert block
    assert block.table
    assert [column.name for column in block.table.columns] == ["Năm", "Ghi: chú", "# Số"]
    assert block.table.lines == (2, 4)
    assert (block.positions["data"].line, block.positions["data"].column) == (12, len(indent) + 1)
    assert block.positions["type"].line == 16


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["10:1 missing-key", "10:1 missing-key"]),
        ("data: a.csv\ntitel: x\ntype: pie\n", ["11:1 unknown-key", "12:7 value-choice"]),
        ("data:\ntitle: x", ["10:6 empty-value"]),
        ("data: [a.csv]\ntitle: x", ["10:7 wrong-type"]),
        ("data: a.csv\ntitle: x\ncolumns: [" + ", ".join("abcdefghi") + "]", ["12:35 list-too-long"]),
        ("data: a.csv\ntitle: &a x", ["11:8 yaml-feature"]),
        ("data: a.csv\ntitle: x: y", ["11:9 yaml-syntax"]),
        ("data:\n  a;b\n  1;2;3\ntitle: x\nsize: 3", ["12:3 data-row", "14:1 unknown-key"]),
        ("title: x\ndata:\n  a;b\n", ["12:1 data-empty"]),
    ],
)  # fmt: skip
def test_mistakes(text: str, found: list[str]) -> None:
    block, reported = read(text)
    assert block is None
    assert reported == found


def test_columns_are_those_of_an_indented_block() -> None:
    assert read("data: a.csv\ntitel: x", column=5)[1] == ["11:5 unknown-key"]
    assert read("title: x\ndata:\n  a;b\n  1;2;3", column=3)[1] == ["13:5 data-row"]
