"""F6: 1 GiB downloaded in one stream and in 64 at once, beside nginx with sendfile.

The client is the same for all: one thread that reads every socket into the same buffer, which is
the least a client can do. All bytes come from the page cache. What the server has left of the two
cores when the client took its share is part of what is measured, for both alike.
"""

import hashlib
import os
import selectors
import socket
import time

from measure import Contestant, ratio, take_turns
from nginx import Nginx
from tools import check
from vault import Vault

MIB = 1 << 20
BUFFER = 256 << 10
FLOORS = {"encrypted": (0.5, 0.9), "plain": (0.8, 1.0)}


def run(results, settings):
    results.note("F6: the processor time is that of server and client together.")
    folder = settings.folder / "download"
    root = folder / "www"
    root.mkdir(parents=True)
    size = settings.download_mib * MIB
    digest = write_noise(root / "noise.bin", size)
    with (
        Nginx(folder / "nginx", root) as nginx,
        Vault(folder / "encrypted", encryption="on") as encrypted,
        Vault(folder / "plain", encryption="off") as plain,
    ):
        peer = Source(nginx.port, nginx.process.pid, "/noise.bin", {}, size)
        ours = {
            "encrypted": stored(encrypted, root / "noise.bin", size),
            "plain": stored(plain, root / "noise.bin", size),
        }
        for source in (peer, *ours.values()):
            check(source.digest() == digest, f"{source.path} is not what was stored")
        for streams in (1, 64):
            *measured, (rate, seconds) = take_turns(
                settings.download_rounds,
                *(
                    Contestant(lambda s=source: s.rate(streams), (source.session,), with_client=True)
                    for source in (*ours.values(), peer)
                ),
            )
            for (kind, (floor, goal)), (our_rate, our_seconds) in zip(FLOORS.items(), measured):
                share = ratio(our_rate, rate)
                results.add(
                    "F6",
                    f"download of {settings.download_mib} MiB, {kind}, {streams} stream{'s' * (streams > 1)}",
                    our_rate.show("{:.2f}", " GB/s"),
                    rate.show("{:.2f}", " GB/s"),
                    share.show(),
                    ratio(seconds, our_seconds).show(),
                    str(floor),
                    str(goal),
                    share.middle >= floor,
                )


def write_noise(path, size):
    """A file that nothing can compress; its digest."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(size // MIB):
            piece = os.urandom(MIB)
            digest.update(piece)
            file.write(piece)
    return digest.digest()


def stored(vault, path, size):
    """The file, put into a vault."""
    connection = vault.connect()
    asset = vault.upload(connection, path.name, pieces_of(path), size)
    connection.close()
    check(asset["size"] == size, "the vault stored another size")
    return Source(vault.port, vault.process.pid, f"/api/v1/assets/{asset['id']}/content", vault.credential, size)


def pieces_of(path):
    with path.open("rb") as file:
        while piece := file.read(MIB):
            yield piece


class Source:
    """Where the bytes can be had."""

    def __init__(self, port, session, path, headers, size):
        self.port = port
        self.session = session
        self.path = path
        self.lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.size = size

    def rate(self, streams):
        """GB/s of reading the whole in so many equal parts at once."""
        part = self.size // streams
        started = time.perf_counter()
        read = self._read([range(n * part, (n + 1) * part) for n in range(streams)])
        took = time.perf_counter() - started
        check(read == part * streams, f"{read} bytes came of {self.path}")
        return read / took / 1e9

    def digest(self):
        digest = hashlib.sha256()
        self._read([range(self.size)], digest.update)
        return digest.digest()

    def _read(self, parts, use=None):
        """Reads the parts at the same time; the number of bytes that came."""
        open_sockets = selectors.DefaultSelector()
        total = 0
        for part in parts:
            stream = socket.create_connection(("127.0.0.1", self.port))
            stream.sendall(self._request(part))
            body = head(stream, len(part))
            total += len(body)
            if use:
                use(body)
            stream.setblocking(len(parts) == 1)
            open_sockets.register(stream, selectors.EVENT_READ, len(part) - len(body))
        buffer = memoryview(bytearray(BUFFER))
        left = {key.fd: key.data for key in open_sockets.get_map().values()}
        while left:
            for key, _ in open_sockets.select():
                got = key.fileobj.recv_into(buffer)
                check(got, f"{self.path} broke off")
                total += got
                if use:
                    use(buffer[:got])
                left[key.fd] -= got
                if left[key.fd] == 0:
                    del left[key.fd]
                    open_sockets.unregister(key.fileobj)
                    key.fileobj.close()
        open_sockets.close()
        return total

    def _request(self, part):
        ranged = "" if len(part) == self.size else f"Range: bytes={part.start}-{part.stop - 1}\r\n"
        return (
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.lines}{ranged}"
            "Connection: close\r\n\r\n"
        ).encode()


def head(stream, wanted):
    """Reads up to the end of the headers; what came of the body already."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = stream.recv(4096)
        check(piece, "the connection was closed within the headers")
        data += piece
    headers, body = data.split(b"\r\n\r\n", 1)
    status, *lines = headers.decode("latin-1").split("\r\n")
    check(status.split()[1] in ("200", "206"), status)
    fields = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    check(int(fields["content-length"]) == wanted, f"{fields['content-length']} bytes were offered")
    return body
