"""Convert Markdown bodies to HTML."""
