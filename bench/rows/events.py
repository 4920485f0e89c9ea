"""F11: event streams held open at once, all of which hear of one change; and what that costs in memory."""

import selectors
import socket
import time
from pathlib import Path

from rows.intake import source
from tools import check
from vault import Vault

FLOOR, GOAL = 5_000, 10_000
GOAL_MIB = 300
PATIENCE = 60


def run(results, settings):
    folder = settings.folder / "events"
    wanted = settings.streams
    with Vault(folder, max_connections=str(wanted + 100)) as vault:
        idle = resident_mib(vault.process.pid)
        with Streams(vault, wanted) as streams:
            held = resident_mib(vault.process.pid)
            connection = vault.connect()
            photo = source(settings.folder).read_bytes()
            started = time.perf_counter()
            vault.upload(connection, "news.jpg", [photo], len(photo))
            heard = streams.hear(b"event: asset.created")
            took = time.perf_counter() - started
            connection.close()
            check(heard == wanted, f"{heard} of {wanted} streams heard of the upload")
            check(vault.ask("GET", "/assets?limit=1")["items"], "the vault still answers")
    results.add(
        "F11",
        f"event streams held; all {wanted:,} heard of an upload within {took:.1f} s",
        f"{wanted:,} in {held:.0f} MiB",
        f"idle {idle:.0f} MiB",
        "–",
        "–",
        f"{FLOOR:,}",
        f"{GOAL:,} in {GOAL_MIB} MiB",
        wanted >= FLOOR,
    )


def resident_mib(pid):
    """Memory of the server process itself, without its decoders."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Streams:
    """So many open streams; one thread looks after all of them."""

    def __init__(self, vault, count):
        self.request = (
            f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{vault.port}\r\n"
            f"Authorization: {vault.credential['Authorization']}\r\nAccept: text/event-stream\r\n\r\n"
        ).encode()
        self.port = vault.port
        self.open = selectors.DefaultSelector()
        self.sockets = []
        # A few hundred at a time: the listener's queue is not what is measured.
        for start in range(0, count, 200):
            fresh = [self._connect() for _ in range(min(200, count - start))]
            for stream in fresh:
                self._read_until(stream, b"hello")
                stream.setblocking(False)
                self.open.register(stream, selectors.EVENT_READ, bytearray())
            self.sockets += fresh

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for stream in self.sockets:
            stream.close()
        self.open.close()

    def _connect(self):
        stream = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        stream.sendall(self.request)
        return stream

    @staticmethod
    def _read_until(stream, wanted):
        got = b""
        while wanted not in got:
            piece = stream.recv(4096)
            check(piece, f"a stream ended before {wanted!r}: {got[:200]!r}")
            got += piece
        check(b" 200 " in got.split(b"\r\n", 1)[0], f"a stream was refused: {got[:200]!r}")

    def hear(self, wanted):
        """How many of the streams say `wanted` within the time."""
        deadline = time.monotonic() + PATIENCE
        heard = 0
        while heard < len(self.sockets) and time.monotonic() < deadline:
            for key, _ in self.open.select(timeout=1):
                piece = key.fileobj.recv(65536)
                if not piece:
                    self.open.unregister(key.fileobj)
                    continue
                key.data.extend(piece)
                if wanted in key.data:
                    heard += 1
                    self.open.unregister(key.fileobj)
        return heard
