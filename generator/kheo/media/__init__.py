"""Files that reports show and that are not pictures."""
