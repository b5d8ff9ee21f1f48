"""``check``: report what a build would report and mistakes in pasted text, and fix them."""
