"""Library to pages: routes, views, templates."""
