"""Build the site: ``python build.py --help``."""

from kheo.cli import main

if __name__ == "__main__":
    main()
