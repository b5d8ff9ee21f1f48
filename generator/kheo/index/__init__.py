"""Documents to library: categories, campaigns, authors, dates and URLs."""
