"""What the program tells people: every message, its parts, and how they are filled in a language."""
