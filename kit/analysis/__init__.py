"""Placing people in districts and measuring what comes of it."""
