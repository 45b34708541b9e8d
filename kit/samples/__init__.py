"""Data that come with the kit."""
