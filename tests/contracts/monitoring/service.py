"""A service on this machine that gives recorded answers: what it was asked stands in `asked`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

ANSWERS = Path(__file__).parent / "answers"
Answer = tuple[int, str] | tuple[int, str, dict[str, str]]


class Recorded(ThreadingHTTPServer):
    """Answers by path: (status, body) or a list of them, one per question; the last one stays."""

    daemon_threads = True

    def __init__(self, answers: dict[str, Answer | list[Answer]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.asked = answers, []
        self.headers_seen: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/odata"


class _Handler(BaseHTTPRequestHandler):
    server: Recorded
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote_plus(self.path)
        self.server.asked.append(path)
        self.server.headers_seen.append(dict(self.headers))
        found: Any = self.server.answers.get(path) or self.server.answers.get(path.partition("?")[0], (404, ""))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        status, body, *extra = found
        content = body.replace("{base}", self.server.url).encode()
        self.send_response(status)
        for name, value in (extra[0] if extra else {}).items():
            self.send_header(name, value.replace("{base}", self.server.url))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def answer(name: str) -> Answer:
    """Give a recorded answer."""
    return 200, (ANSWERS / name).read_text()


@contextmanager
def recorded(answers: dict[str, Answer | list[Answer]]) -> Iterator[Recorded]:
    """Bring the service up for the length of a test."""
    server = Recorded(answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
