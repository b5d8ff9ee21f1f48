"""The commands besides ``build``: each is loaded only where it is asked for."""
