"""Tools on this machine: real HTTP servers that keep to the published contract of a vendor, and have bad days."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

TOKEN = "secret-token-us6"


@dataclass(frozen=True)
class Asked:
    """A request, as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Said:
    """An answer; a body that is no bytes goes as JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with one request to `on` (part of the path): an answer in its stead, or the work is done and then
    the connection is `torn`, or the answer `late`; `cut` tears it before anything is done."""

    kind: Literal["answer", "torn", "late", "cut"]
    said: Said = field(default_factory=lambda: Said(500))
    on: str = ""


class Vendor:
    """A tool that answers by its contract unless a trouble is lined up."""

    late_seconds = 0.3
    pause_seconds = 0.0
    """Between what is done and the answer."""

    def __init__(self) -> None:
        self.troubles: deque[Trouble] = deque()
        self.asked: list[Asked] = []
        self.lock = threading.Lock()

    def answer(self, asked: Asked) -> Said:
        raise NotImplementedError

    def is_known(self, asked: Asked) -> bool:
        """Whether the token is the right one."""
        return TOKEN in asked.headers.get("authorization", "")

    def told(self, asked: Asked) -> tuple[Said, str]:
        """What to say, and how to say it."""
        with self.lock:
            self.asked.append(asked)
            trouble = None
            if self.troubles and self.troubles[0].on in asked.path:
                trouble = self.troubles.popleft()
            if trouble and trouble.kind == "answer":
                return trouble.said, "answer"
            if trouble and trouble.kind == "cut":
                return Said(500), "torn"
            said = self.answer(asked) if self.is_known(asked) else Said(401, {"message": "who are you?"})
            return said, trouble.kind if trouble else "answer"


@contextmanager
def open_for_calls(vendor: Vendor) -> Iterator[str]:
    """The vendor at work; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1

        def talk(self) -> None:
            length, parts = int(self.headers.get("content-length") or 0), urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, query, headers, self.rfile.read(length))
            said, manner = vendor.told(asked)
            raw = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            if manner == "torn":
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            time.sleep(vendor.late_seconds if manner == "late" else vendor.pause_seconds)
            with suppress(OSError):
                self.send_response(said.status)
                for name, value in {"content-length": str(len(raw)), **said.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

        do_GET = do_POST = do_PUT = do_PATCH = talk

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
