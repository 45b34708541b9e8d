"""Exhibits and tables that a person can hand to a commission."""
