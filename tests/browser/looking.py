"""Sizes of screens, and axe-core."""

from pathlib import Path
from typing import Any

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
AXE = (Path(__file__).parent / "axe-core/axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """axe.run().then(r => r.violations.map(
    v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(' | ')))"""


def run_axe(page: Any) -> list[str]:
    """What axe-core finds, through the debugger: the page's policy allows no eval."""
    session = page.context.new_cdp_session(page)
    asked = {"awaitPromise": True, "returnByValue": True}
    if not session.send("Runtime.evaluate", {"expression": "!!window.axe"})["result"]["value"]:
        session.send("Runtime.evaluate", {"expression": AXE})
    found = session.send("Runtime.evaluate", {"expression": RUN_AXE, **asked})["result"]["value"]
    session.detach()
    return list(found)
