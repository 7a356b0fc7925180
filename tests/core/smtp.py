"""A real mail server on this machine that notes what it takes and says what a test wants it to say."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Sink:
    """Takes mails; `on_rcpt` and `on_data` may give another reply than '250', or None to break the connection."""

    taken: list[Message] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    on_rcpt: Callable[[str], str | None] = lambda address: "250 OK"
    on_data: Callable[[Message], str | None] = lambda message: "250 OK"
    connections: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        reply = self.on_rcpt(address)
        if reply is None:
            return self._break(server)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content)
        reply = self.on_data(message)
        if reply is None or reply.startswith("2"):
            self.taken.append(message)
            self.recipients.extend(envelope.rcpt_tos)
        return reply if reply is not None else self._break(server)

    @staticmethod
    def _break(server: SMTP) -> str:
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.abort()
        return "250 never arrives"


class Server(Controller):
    """The sink on a port of its own."""

    def __init__(self, sink: Sink, port: int = 0) -> None:
        self.sink = sink
        super().__init__(sink, hostname="127.0.0.1", port=port or free_port())
