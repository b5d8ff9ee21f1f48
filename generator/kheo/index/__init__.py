"""Documents to library: categories, campaigns, authors, dates, addresses."""
