"""The words of the trade: ids, definitions, tables, frames and projections.

Everything else in the kit imports from here; nothing here imports from there.
"""
