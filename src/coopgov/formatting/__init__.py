"""The canonical form of files, comments kept."""
