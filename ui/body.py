"""What a request carries in its body: JSON, and nothing else."""

from __future__ import annotations

from fastapi import Request

from ui.errors import BadRequest


async def json_body(request: Request, *needed: str) -> dict[str, object]:
    """A JSON body that has these fields. Raises BadRequest for anything else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind.lower() != "application/json":
        raise BadRequest("The body must be JSON.")
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON.") from None
    if not isinstance(body, dict) or not all(name in body for name in needed):
        named = " and ".join(map(repr, needed))
        raise BadRequest(f"The body must be a JSON object with {named}.")
    return body
