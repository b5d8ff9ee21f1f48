"""The stages of a build, what they save for the next build, and the worker processes."""
