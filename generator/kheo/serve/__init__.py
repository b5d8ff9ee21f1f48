"""The preview: the site as hosting would serve it, made again whenever somebody saves."""
