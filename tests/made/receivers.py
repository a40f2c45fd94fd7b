"""Receivers on this machine: a web server and a mail server on real sockets, and a certificate for them."""

from __future__ import annotations

import asyncio
import base64
import shutil
import ssl
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def serving(talk: Conversation, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[int]:
    """A server in a thread of its own; gives its port."""
    loop = asyncio.new_event_loop()
    started: list[asyncio.Server] = []

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def begin() -> None:
        started.append(await asyncio.start_server(quietly, host, 0, ssl=tls))

    loop.run_until_complete(begin())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield started[0].sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(started[0].close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
            loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


@dataclass
class WebReceiver:
    """Answers every request with `status` and keeps what came."""

    status: int = 204
    location: str = ""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.requests.append((head[0], headers, body))
        location = f"Location: {self.location}\r\n" if self.location else ""
        writer.write(f"HTTP/1.1 {self.status} Told\r\n{location}Content-Length: 0\r\n\r\n".encode())


@dataclass
class MailReceiver:
    """Speaks enough SMTP to take mail, refuse recipients, ask for a login, and change over to TLS."""

    starttls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    refused: frozenset[str] = frozenset()
    mails: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        sender, recipients, is_encrypted = "", list[str](), writer.get_extra_info("sslcontext") is not None
        logged_in = self.login is None
        say("220 here")
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "EHLO":
                offered = ["STARTTLS"] if self.starttls and not is_encrypted else []
                offered += ["AUTH PLAIN"] if self.login else []
                lines = ["hello", *offered]
                for place, text in enumerate(lines):
                    say(f"250{'-' if place < len(lines) - 1 else ' '}{text}")
            elif verb.upper() == "STARTTLS" and self.starttls:
                say("220 go on")
                await writer.drain()
                await writer.start_tls(self.starttls)
                is_encrypted = True
            elif verb.upper() == "AUTH":
                told = base64.b64decode(rest.split()[-1]).decode().split("\0")[1:]
                logged_in = self.login == tuple(told)
                say("235 known" if logged_in else "535 unknown")
            elif verb.upper() == "MAIL":
                sender, recipients = rest.partition("<")[2].partition(">")[0], []
                say("250 ok" if logged_in else "530 log in")
            elif verb.upper() == "RCPT":
                recipient = rest.partition("<")[2].partition(">")[0]
                if recipient in self.refused:
                    say("550 nobody of that name")
                else:
                    recipients.append(recipient)
                    say("250 ok")
            elif verb.upper() == "DATA":
                say("354 go on")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n"))[:-3])
                self.envelopes.append((sender, tuple(recipients)))
                self.encrypted.append(is_encrypted)
                say("250 taken")
            elif verb.upper() == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext] | None:
    """A server's context with a certificate for `localhost`, and that of a client which trusts it; None where there is
    no openssl to make one."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))
