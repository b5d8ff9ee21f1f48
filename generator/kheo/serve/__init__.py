"""The preview: the site as hosting would serve it, rebuilt whenever somebody saves."""
