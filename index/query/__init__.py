"""Takes a query apart: what is a date, a place, a camera, a NOT, and what is words."""

from index.query.parser import QueryParser

__all__ = ["QueryParser"]
