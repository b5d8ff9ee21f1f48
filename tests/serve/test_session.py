"""What the browser is told, build by build."""

import asyncio
import json
from pathlib import Path

from support import in_a_thread

from kheo.diagnostics import Place, diagnostic
from kheo.serve.problems import Line, Problem, excerpt, problems_of
from kheo.serve.session import SHOWN, Session, State, after_build, with_styles


def test_a_mistake_comes_and_goes() -> None:
    bad = after_build(State(), [Problem(message="Hỏng")], "1 mistake")
    assert (bad.version, bad.title, [one.message for one in bad.problems]) == (
        1,
        "1 mistake",
        ["Hỏng"],
    )
    good = after_build(bad, [], "")
    assert (good.version, good.title, good.problems) == (2, "", ())


def test_the_overlay_has_the_first_and_the_number_of_the_rest() -> None:
    state = after_build(State(), [Problem(message=str(n)) for n in range(SHOWN + 7)], "27 mistakes")
    assert (len(state.problems), state.more, state.title) == (SHOWN, 7, "27 mistakes")


def test_a_stylesheet_is_told_before_the_build_and_forgotten_after_it() -> None:
    state = with_styles(State(version=4), ["style.css"], "/styles/")
    state = with_styles(state, ["style.css", "print.css"], "/styles/")
    assert [one.url for one in state.styles] == ["/styles/style.css?6", "/styles/print.css?6"]
    assert after_build(state, [], "").styles == ()


def test_a_build_leaves_mistakes_in_place_while_a_stylesheet_is_swapped() -> None:
    bad = after_build(State(), [Problem(message="Hỏng")], "1 mistake")
    assert with_styles(bad, ["style.css"], "/").problems == bad.problems


def test_an_error_brings_its_lines_and_a_warning_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("một\nhai\nba\nbốn\nnăm\nsáu\n", encoding="utf-8")
    found = [
        diagnostic("yaml-tab", Place("a.md", 4, 2)),
        diagnostic("encoding", Place("a.md", 1, 1), encoding="UTF-16", how=""),
    ]
    (one, *rest) = problems_of(found, {"content": tmp_path})
    assert [(line.number, line.text, line.is_highlighted) for line in one.excerpt] == [
        (2, "hai", False), (3, "ba", False), (4, "bốn", True), (5, "năm", False), (6, "sáu", False),
    ]  # fmt: skip
    assert (one.path, one.line, one.column) == (f"{tmp_path.as_posix()}/a.md", 4, 2)
    assert one.hint == found[0].hint
    assert all(other.code != one.code for other in rest)


def test_excerpts_of_what_cannot_be_read(tmp_path: Path) -> None:
    assert excerpt(tmp_path / "gone.md", 3) == ()
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\r\nx\ry" + b"z" * 1000)
    lines = excerpt(tmp_path / "bad.md", 3)
    assert lines[1] == Line(2, "x")
    assert len(lines[2].text) < 250


def test_events_are_sent_as_they_come_and_end() -> None:
    async def listen() -> list[str]:
        session = Session()
        session.attach(asyncio.get_running_loop())
        events = session.events(beat=0.01)
        got = [await anext(events), await anext(events), await anext(events)]
        session.change(
            lambda state: after_build(state, [Problem(message="</script>\n\n“Hỏng”")], "1 mistake")
        )
        got.append(await anext(events))
        waiting = asyncio.create_task(collect(events))
        await asyncio.sleep(0)
        session.end()
        await waiting
        return got

    async def collect(events: object) -> None:
        async for _ in events:  # type: ignore[attr-defined]
            pass

    retry, first, beat, second = in_a_thread(listen())
    assert retry.startswith("retry: ")
    assert json.loads(first.removeprefix("data: "))["version"] == 0
    assert beat.startswith(": ")
    assert second.count("\n") == 2, "what a source holds cannot end an event"
    assert json.loads(second.removeprefix("data: "))["problems"][0]["message"].endswith("“Hỏng”")
