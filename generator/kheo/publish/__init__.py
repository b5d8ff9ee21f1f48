"""Write the output folder, releases, and lists of changes."""
