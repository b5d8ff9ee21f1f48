"""``check``: all that a build would say, and what pasted text does wrong, found and mended."""
