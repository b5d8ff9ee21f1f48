"""Find what is wrong with templates that extend others, and what Jinja drops of them without a word."""

from collections.abc import Iterator

from jinja2 import nodes

from kheo.diagnostics import Findings, Place, closest
from kheo.messages.wording import message

Trees = dict[str, nodes.Template]


def report_lost_parts(trees: Trees, places: dict[str, Place], findings: Findings) -> None:
    """Report templates that extend themselves, blocks that none above has, and text in no block."""
    for name, tree in trees.items():
        above = _above(name, trees)
        if name in above:
            right = f'{{% extends "kheo/{name.removeprefix("kheo/")}" %}}'
            reason = message("it extends itself")
            findings.report("template-syntax", places[name].at(1), reason=reason, suggestion=right)
        elif above and places[name].tree == "theme":
            _report_missing_blocks(name, above, trees, places, findings)
        elif above:
            _report_unshown(tree, [trees[one] for one in above], places[name], findings)


def _above(name: str, trees: Trees) -> list[str]:
    """Return the templates that this one extends, from the next to the last.

    The last is this one if it extends itself. A name that is computed ends the list.
    """
    found: list[str] = []
    last = name
    while True:
        last = _extended(trees[last])
        if last not in trees or last in found:
            return found
        found.append(last)


def _extended(tree: nodes.Template) -> str:
    """Return what a template extends on all pages; empty if there is no such template."""
    for node in tree.body:
        if isinstance(node, nodes.Extends) and isinstance(node.template, nodes.Const):
            return str(node.template.value)
    return ""


def _report_missing_blocks(
    name: str,
    above: list[str],
    trees: Trees,
    places: dict[str, Place],
    findings: Findings,
) -> None:
    """Report blocks of the default theme that have no place in what the site has instead of its parent.

    An older copy of the parent does not have the blocks that came later.
    """
    own = next((one for one in above if places[one].tree != "theme"), None)
    if own is None:
        return
    known = {block.name for one in above for block in trees[one].find_all(nodes.Block)}
    for node in trees[name].body:
        if isinstance(node, nodes.Block) and node.name not in known:
            at = places[own].at(1)
            findings.report("block-missing", at, name=node.name, child=name, original=own)


def _report_unshown(
    tree: nodes.Template, above: list[nodes.Template], place: Place, findings: Findings
) -> None:
    known = {block.name for one in above for block in one.find_all(nodes.Block)}
    called = {name for one in (tree, *above) for name in _called(one)}
    for node in tree.body:
        if isinstance(node, nodes.Block) and node.name not in known | called:
            reason = message("what it extends has no block “{wrong}”", wrong=node.name)
            near = closest(node.name, sorted(known))
            at = place.at(node.lineno)
            findings.report("template-syntax", at, reason=reason, suggestion=near)
        elif isinstance(node, nodes.Output) and (line := _line_of_text(node)):
            reason = message("it extends another one, so text outside of blocks is not shown")
            findings.report("template-syntax", place.at(line), reason=reason)


def _called(tree: nodes.Template) -> Iterator[str]:
    """Yield the names of blocks that are shown by ``self.name()``."""
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "self":
            yield node.attr


def _line_of_text(output: nodes.Output) -> int:
    """Return the line of the first thing that is not space; 0 if there is none."""
    for node in output.nodes:
        if not isinstance(node, nodes.TemplateData):
            return node.lineno
        if text := node.data.lstrip():
            return node.lineno + node.data[: -len(text)].count("\n")
    return 0
