"""Read tables of data: the bytes of a CSV file, or the lines of a ``chart`` block."""
