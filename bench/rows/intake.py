"""F3: 12-megapixel JPEGs over HTTP until everything about them is ready, beside the picture work alone.

Ours is a vault with its defaults: SQLite, a folder, encrypted, synced. The work alone is the very
decoder of the vault as two bare processes that read the same file from the page cache: no HTTP, no
database, no disk, no sandbox. Both share the same two cores with whoever feeds them, and take turns.
"""

import json
import os
import struct
import subprocess
import threading
import time
from itertools import count
from pathlib import Path

from measure import Contestant, ratio, take_turns
from rows import images
from tools import RELEASE, cargo, check, stop
from vault import Vault

CLIENTS = 4
CORES = 2
FLOOR, GOAL = 0.7, 0.9
FLOOR_RATE, GOAL_RATE = 40_000, 100_000


def run(results, settings):
    cargo("build", "--release", "-q", "-p", "decode", "--example", "image_bench")
    photo = source(settings.folder)
    decoders = [Decoder(settings.folder / f"decoder-{n}") for n in range(CORES)]
    try:
        with Vault(settings.folder / "intake") as vault:
            intake = Intake(vault, photo.read_bytes())
            same_work(intake, decoders[0], photo)
            photos = settings.photos
            (ours, our_seconds), (alone, seconds_alone) = take_turns(
                settings.rounds,
                Contestant(lambda: per_hour(photos, lambda: intake.take_in(photos)), (vault.process.pid,)),
                Contestant(
                    lambda: per_hour(photos, lambda: work_alone(decoders, photo, photos)),
                    tuple(decoder.process.pid for decoder in decoders),
                ),
            )
            intake.all_ready()
    finally:
        for decoder in decoders:
            decoder.close()
    share = ratio(ours, alone)
    results.add(
        "F3",
        "12 MP JPEGs over HTTP until ready, beside the picture work alone",
        ours.show("{:,.0f}", "/h"),
        alone.show("{:,.0f}", "/h"),
        share.show(),
        ratio(seconds_alone, our_seconds).show(),
        f"{FLOOR}, {FLOOR_RATE:,}/h",
        f"{GOAL}, {GOAL_RATE:,}/h",
        share.middle >= FLOOR and ours.middle >= FLOOR_RATE,
    )
    results.note(
        f"F3: {settings.photos} photos a round, each {photo.stat().st_size / 1e6:.1f} MB "
        f"({photo.name}) with a comment of its own, sent by {CLIENTS} clients on the same cores; "
        f"{our_seconds.middle / photos * 1000:.0f} ms of processor time a photo, "
        f"{seconds_alone.middle / photos * 1000:.0f} ms for the picture work alone."
    )


def source(folder):
    """A 12-megapixel photo: a phone's own from the corpus, or one drawn by `bench/images`."""
    corpus = os.environ.get("MEDIAVAULT_CORPUS")
    if corpus:
        return Path(corpus) / "photos" / "ultraHDR.jpg"
    images.node("-e", "import('./inputs.mjs').then(m => m.inputs(process.argv[1]))", str(folder))
    return folder / "drawn-12mp-p3.jpg"


def per_hour(photos, work):
    started = time.perf_counter()
    work()
    return photos / (time.perf_counter() - started) * 3600


class Intake:
    """Sends one photo again and again, each time with another comment, so another file."""

    def __init__(self, vault, photo):
        self.vault = vault
        self.photo = photo
        self.numbers = count()
        self.sent = 0

    def take_in(self, photos):
        """Uploads by several clients, and waits until all is ready."""
        failures = []
        turns = iter(range(photos))

        def client():
            try:
                connection = self.vault.connect()
                for _ in turns:
                    self.one(connection)
                connection.close()
            except Exception as failure:  # told by the thread that started this one
                failures.append(failure)

        threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        self.vault.until_idle()
        self.sent += photos

    def one(self, connection):
        number = next(self.numbers)
        comment = f"bench {number}".encode()
        segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
        pieces = [self.photo[:2] + segment, memoryview(self.photo)[2:]]
        size = len(self.photo) + len(segment)
        return self.vault.upload(connection, f"photo-{number}.jpg", pieces, size)

    def all_ready(self):
        """Every photo that was sent is there, and whole."""
        ready, cursor = 0, ""
        while cursor is not None:
            page = self.vault.ask("GET", f"/assets?limit=200{cursor}")
            for asset in page["items"]:
                check(asset["status"] == "ready", f"{asset['file_name']} is {asset['status']}")
                check(
                    {"thumb", "preview"} <= set(asset["renditions"]) and asset["width"],
                    f"{asset['file_name']} is not whole",
                )
                ready += 1
            following = page["next_cursor"]
            cursor = following and f"&cursor={following}"
        check(ready == self.sent, f"{ready} of {self.sent} photos are ready")


class Decoder:
    """The vault's decoder, bare."""

    def __init__(self, folder):
        folder.mkdir()
        self.process = subprocess.Popen(
            [RELEASE / "examples" / "image_bench", "webp", "80", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def do(self, photo, times):
        """Looks at a photo so many times; what it said the last time."""
        answer = None
        for _ in range(times):
            self.process.stdin.write(f"{photo}\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
            check(answer, f"the decoder died on {photo}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        stop(self.process)


def work_alone(decoders, photo, photos):
    shares = [photos // len(decoders)] * len(decoders)
    shares[0] += photos % len(decoders)
    threads = [
        threading.Thread(target=decoder.do, args=(photo, times))
        for decoder, times in zip(decoders, shares)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def same_work(intake, decoder, photo):
    """The vault's preview must be, byte for byte, that of the bare decoder."""
    intake.take_in(CLIENTS)
    asset = intake.vault.ask("GET", "/assets?limit=1")["items"][0]
    ours = intake.vault.bytes_of(asset["renditions"]["preview"]["url"])
    alone = decoder.do(photo, 1)
    check(ours == Path(alone["preview"]).read_bytes(), "the vault's preview is not the decoder's")
    check(asset["thumbhash"] == alone["thumbhash"], "the vault's thumbhash is not the decoder's")
