"""What a person, a forge or a program reads of a run, in which language."""
