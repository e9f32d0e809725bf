"""What of a request goes over the wire, and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

_SENT = frozenset({"host", "accept", "accept-encoding", "connection"}) | frozenset(
    {"content-type", "content-length", "transfer-encoding"}
)


def http_client(
    key: str, in_flight: int, timeout_s: float, connect_s: float
) -> httpx2.Client:
    """An HTTP client that reads no environment (proxies, .netrc), follows no redirect,
    and sends no header but the needed ones.

    The OpenAI client adds some that describe this machine, and takes others from
    OPENAI_… variables that are meant for somebody else. It reads its own marks in the
    request again after the answer, so they are taken out here, below it. `key` goes
    into the Authorization header if it is not empty.
    """
    import httpx2

    class PlainTransport(httpx2.HTTPTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            headers = {
                name: value
                for name, value in request.headers.items()
                if name.lower() in _SENT
            }
            headers["User-Agent"] = "smart-album"
            if key:
                headers["Authorization"] = f"Bearer {key}"
            return super().handle_request(
                httpx2.Request(
                    request.method,
                    request.url,
                    headers=headers,
                    stream=request.stream,
                    extensions=request.extensions,
                )
            )

    return httpx2.Client(
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(timeout_s, connect=min(connect_s, timeout_s)),
        transport=PlainTransport(
            trust_env=False, limits=httpx2.Limits(max_connections=in_flight)
        ),
    )
