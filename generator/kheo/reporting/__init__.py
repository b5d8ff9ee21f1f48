"""Report the result of a run to people, forges and programs, in their language."""
