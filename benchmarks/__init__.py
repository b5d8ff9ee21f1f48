"""The same corpus through this program and its peers. See README.md beside this file."""
