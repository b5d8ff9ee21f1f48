"""Report the result of a run, as text, for GitHub or as JSON, in the user's language."""
