"""A mail server in a process of its own: `python -m tests.core.sink PORT FILE` notes each Message-ID it takes.

It notes a mail before it answers. A mail whose subject says 'traag' is answered two seconds later: time to kill
whoever waits for the answer.
"""

import asyncio
import signal
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Notes:
    """Takes every mail."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content)
        with self.path.open("a") as notes:
            notes.write(f"{message['Message-ID']}\n")
        if "traag" in str(message["Subject"]):
            await asyncio.sleep(2)
        return "250 OK"


def main(port: int, path: Path) -> None:
    """Serve until told to end."""
    controller = Controller(Notes(path), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(int(sys.argv[1]), Path(sys.argv[2]))
