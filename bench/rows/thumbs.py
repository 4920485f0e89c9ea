"""F7: thumbnails over HTTP, signed in, as a grid asks for them, beside nginx with the same bytes as files.

wrk keeps 64 connections busy on both in turn. Ours checks the credential, looks into the catalog
whether the asker may see the asset, and decrypts; nginx sends a file. Every answer of both is held
against the bytes before any time is taken.
"""

import re
import subprocess

from measure import Contestant, ratio, take_turns
from nginx import Nginx
from rows.intake import Intake, source
from tools import Failed, check, program
from vault import Vault

THUMBS = 64
CONNECTIONS = 64
FLOOR, GOAL = 0.25, 0.6

SCRIPT = """\
local paths = {{}}
for line in io.lines("{paths}") do paths[#paths + 1] = line end
local at = 0
function request()
    at = at % #paths + 1
    return wrk.format("GET", paths[at], {{["Authorization"] = "{authorization}"}})
end
"""


def run(results, settings):
    wrk = program("wrk", "wrk")
    folder = settings.folder / "thumbs"
    root = folder / "www"
    root.mkdir(parents=True)
    with Vault(folder / "vault") as vault, Nginx(folder / "nginx", root) as nginx:
        intake = Intake(vault, source(settings.folder).read_bytes())
        intake.take_in(THUMBS)
        urls = thumbs_of(vault)
        for number, url in enumerate(urls):
            (root / f"{number}.webp").write_bytes(vault.bytes_of(url))
        ours = Load(wrk, folder / "ours.lua", vault.port, urls, vault.credential["Authorization"])
        theirs = Load(wrk, folder / "theirs.lua", nginx.port, [f"/{n}.webp" for n in range(THUMBS)], "none")
        (our_rate, our_seconds), (rate, seconds) = take_turns(
            settings.rounds,
            Contestant(lambda: ours.rate(settings.load_seconds), (vault.process.pid,)),
            Contestant(lambda: theirs.rate(settings.load_seconds), (nginx.process.pid,)),
        )
    share = ratio(our_rate, rate)
    results.add(
        "F7",
        f"thumbnails, signed in, {CONNECTIONS} connections",
        our_rate.show("{:,.0f}", "/s"),
        rate.show("{:,.0f}", "/s"),
        share.show(),
        per_request(our_rate, our_seconds, rate, seconds).show(),
        str(FLOOR),
        str(GOAL),
        share.middle >= FLOOR,
    )


def per_request(our_rate, our_seconds, rate, seconds):
    """Processor time of a request, theirs over ours: both worked equally long."""
    ours = tuple(s / r for s, r in zip(our_seconds.values, our_rate.values))
    theirs = tuple(s / r for s, r in zip(seconds.values, rate.values))
    return type(our_rate)(tuple(b / a for a, b in zip(ours, theirs)))


def thumbs_of(vault):
    page = vault.ask("GET", f"/assets?limit={THUMBS}")
    urls = [asset["renditions"]["thumb"]["url"] for asset in page["items"]]
    check(len(set(urls)) == THUMBS, f"{len(urls)} thumbnails where {THUMBS} photos were sent")
    return urls


class Load:
    """wrk with a list of paths to ask for in turn."""

    def __init__(self, wrk, script, port, paths, authorization):
        listed = script.with_suffix(".paths")
        listed.write_text("\n".join(paths))
        script.write_text(SCRIPT.format(paths=listed, authorization=authorization))
        self.command = [wrk, "-t", "1", "-c", str(CONNECTIONS), "-s", str(script)]
        self.address = f"http://127.0.0.1:{port}"

    def rate(self, seconds):
        """Answers a second; anything but a good answer ends the bench."""
        command = [*self.command, "-d", f"{seconds}s", self.address]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0 or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
            raise Failed(f"wrk: {done.stdout}{done.stderr}")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])
