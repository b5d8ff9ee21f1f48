"""Pictures: bytes in, bytes out. Nothing here touches the disk."""
