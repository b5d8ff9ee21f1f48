"""Messages for users: the rules of diagnostics, and translatable phrases."""
