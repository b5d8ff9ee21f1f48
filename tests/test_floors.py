"""The layout of the program: a module imports from lower floors only, and I/O stays at the ends."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = [
    {"tables", "values"},
    {"term_sources"},
    {
        "addresses",
        "messages",
        "model",
        "slugs",
        "spelling",
        "assets",
        "controls",
        "theme",
        "__init__",
    },
    {"diagnostics", "config", "embeds", "library", "old_urls", "known_urls"},
    {"language", "errors", "views", "layers", "palette"},
    {"formats", "routes"},
    {"numerals"},
    {"store"},
    {"read", "lint", "index", "render", "publish", "pictures", "media", "search"},
    {"plan"},
    {"stages"},
    {"reporting", "pipeline"},
    {"check", "serve"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
MODULES = sorted((ROOT / "generator/kheo").rglob("*.py"))
# The two ends: what reads the disk, what writes it; and what speaks to people.
MAY_OPEN = {
    "read/sources.py", "read/site_file.py", "read/language_file.py", "read/zones.py", "render/theme_files.py", "render/theme_assets.py",
    "store/files.py", "publish/staging.py", "publish/writer.py", "publish/manifest.py", "store/connection.py", "publish/lock.py",
    "publish/changes.py", "publish/releases.py",
    "search/endings.py",  # a table of the program's own
    "stages/limits.py", "stages/worker_process.py",  # /proc, /dev/null
    "stages/search_limits.py",  # where in a file a problem is
    "stages/looking.py", "stages/versions.py", "stages/rendering.py",
    "stages/picture_tasks.py", "stages/search_tasks.py",
    "pictures/loading.py",  # bytes in memory
    "reporting/catalogue.py", "reporting/reporter.py", "check/fixing.py", "check/external.py",
    "check/originals.py", "check/idle_templates.py", "commands/theme.py",
    "commands/new_files.py", "commands/new_source.py", "commands/schema.py",
    "commands/starter.py",  # files of the program's own
    "serve/app.py", "serve/problems.py",
}  # fmt: skip
MAY_PRINT = {"reporting/reporter.py"}
MAY_READ_CLOCK = {
    "commands/options.py",
    "commands/init.py",
    "commands/new.py",
    "commands/serve.py",
    "publish/lock.py",
}
OPENING = {"open", "read_bytes", "read_text", "write_bytes", "write_text"}


def part_of(module: str) -> str:
    """``kheo.read.decoding`` -> ``read``."""
    return [*module.split("."), "__init__"][1]


@cache
def nodes(file: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def imports(file: Path) -> set[str]:
    """Everything imported anywhere in a module, also in functions and under TYPE_CHECKING."""
    found = set()
    for node in nodes(file):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "kheo"}


def test_a_module_imports_from_lower_floors_only() -> None:
    wrong = []
    for file in MODULES:
        own = file.relative_to(ROOT / "generator/kheo").with_suffix("").parts[0]
        for name in imports(file):
            other = part_of(name)
            other = other if other in FLOOR else "__init__"
            if own != other and FLOOR[other] >= FLOOR[own]:
                wrong.append(f"{file.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    def name_of(file: Path) -> str:
        return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    names = {name_of(file) for file in MODULES}
    graph = {}
    for file in MODULES:
        found = imports(file)
        found |= {name.rpartition(".")[0] for name in found}
        graph[name_of(file)] = found & names - {name_of(file)}
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_only_the_two_ends_touch_the_disk_or_the_terminal() -> None:
    wrong = []
    for file in MODULES:
        name = file.relative_to(ROOT / "generator/kheo").as_posix()
        for node in nodes(file):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called == "print" and name not in MAY_PRINT:
                wrong.append(f"{name}:{node.lineno} prints")
            if called in OPENING and name not in MAY_OPEN:
                wrong.append(f"{name}:{node.lineno} opens a file")
    assert wrong == []


def test_no_clock_is_read_but_by_the_commands_and_the_lock() -> None:
    for file in MODULES:
        text = file.read_text(encoding="utf-8")
        if file.relative_to(ROOT / "generator/kheo").as_posix() not in MAY_READ_CLOCK:
            assert "datetime.now" not in text, file
            assert "time()" not in text, file


def test_build_py_has_three_lines_of_code() -> None:
    lines = (ROOT / "build.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line and not line.startswith('"""')]) == 3
