"""Render views to text with the templates of a theme."""
