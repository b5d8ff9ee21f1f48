"""Build the site: ``python build.py --help``."""

from generator.cli import main

if __name__ == "__main__":
    main()
