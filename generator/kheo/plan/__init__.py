"""Library to routes: every URL, every output, and what each page is made from."""
