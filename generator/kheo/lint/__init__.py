"""Lint: what pasted news text does wrong, and how to mend it where there is one right answer."""
