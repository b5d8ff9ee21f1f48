"""The commands other than ``build``. Each is imported only when it is used."""
