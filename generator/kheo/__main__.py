"""Run the program: ``python -m kheo``."""

from kheo.cli import main

if __name__ == "__main__":
    main()
