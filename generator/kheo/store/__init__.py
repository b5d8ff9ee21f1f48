"""What a site remembers between builds."""
