"""The stages of a build: what is remembered, what is left to do, and who does it."""
