"""The errors of the page: a request that cannot be answered, and why.

PageError           has .status (HTTP) and a text fit to be read by a person
├── BadRequest      400: what was sent is not what this address takes
└── NotFound        404: there is no such photo, or its file is not there now
"""

from __future__ import annotations


class PageError(Exception):
    """A request that cannot be answered. Its text is fit to be read by a person."""

    status = 500


class BadRequest(PageError):
    """What was sent is not what this address takes."""

    status = 400


class NotFound(PageError):
    """There is no such photo, or its file is not there now."""

    status = 404
