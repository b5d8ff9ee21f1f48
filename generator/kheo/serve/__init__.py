"""The preview: serve the site as hosting would, and rebuild it whenever a file is saved."""
