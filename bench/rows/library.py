"""F8: a page of a hundred and the timeline of a library of a million, beside the bare SQL by the driver.

32 clients ask as fast as they are answered, so on two cores a 95th percentile is mostly waiting in
line: that of both sides. Ours is what a page gets, signed in, over HTTP, as JSON: five statements and
the tags, pictures and problems of every asset. The peer runs the page's first statement, or the one that
counts days, on a connection a client.
"""

import re
import subprocess

from measure import Contestant, ratio, take_turns
from postgres import Postgres
from tools import RELEASE, Failed, cargo, check, program
from vault import ACCOUNT, Vault

CLIENTS = 32
FLOOR, GOAL = 3.0, 1.5
GOAL_MILLIS = 25
ASKED = {"page": "/api/v1/assets?limit=100", "days": "/api/v1/timeline"}
WORDS = {"page": "list page of 100", "days": "timeline buckets"}

SCRIPT = """\
wrk.headers["Authorization"] = "{authorization}"
function done(summary, latency)
    io.write(string.format("p95 %.3f ms\\n", latency:percentile(95) / 1000))
end
"""


# Keys of the vaults that were seeded in this run, by folder: a million takes minutes.
keys = {}


def seeded(folder, assets, database=None):
    """A vault in `folder` that was given so many assets, and was stopped; its key."""
    if folder in keys:
        return keys[folder]
    cargo("build", "--release", "-q", "--workspace", "--example", "seed")
    settings = {"database_url": database} if database else {}
    with Vault(folder, **settings) as vault:
        key = vault.key
    command = [RELEASE / "examples" / "seed", database or folder, str(assets), ACCOUNT["email"]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"seed: {done.stdout}{done.stderr}")
    keys[folder] = key
    return key


def run(results, settings):
    cargo("build", "--release", "-q", "--workspace", "--example", "bare_bench")
    folder = settings.folder / "sqlite"
    key = seeded(folder, settings.library)
    with Vault(folder, key) as vault:
        compare(results, settings, "SQLite", vault, folder / "catalog.db", (vault.process.pid,))
    with Postgres(settings.folder / "postgres") as postgres:
        folder = settings.folder / "vault"
        key = seeded(folder, settings.library, postgres.url)
        with Vault(folder, key, database_url=postgres.url) as vault:
            compare(results, settings, "PostgreSQL", vault, postgres.url, (vault.process.pid,))


def compare(results, settings, name, vault, database, sessions):
    timeline = vault.ask("GET", "/timeline")
    check(timeline["total"] >= settings.library * 0.9, f"{timeline['total']} assets in the timeline")
    script = settings.folder / f"{name}.lua"
    script.write_text(SCRIPT.format(authorization=vault.credential["Authorization"]))
    for what, path in ASKED.items():
        (ours, _), (bare, _) = take_turns(
            settings.rounds,
            Contestant(lambda: asked(vault, path, script, settings.load_seconds), sessions),
            Contestant(lambda: alone(database, what, settings.load_seconds), ()),
        )
        times = ratio(ours, bare)
        results.add(
            "F8",
            f"{WORDS[what]}, {settings.library:,} assets, {name}, p95 of {CLIENTS} clients",
            ours.show("{:.1f}", " ms"),
            bare.show("{:.1f}", " ms"),
            times.show(),
            "–",
            f"≤ {FLOOR}",
            f"≤ {GOAL}, < {GOAL_MILLIS} ms",
            times.middle <= FLOOR,
        )


def asked(vault, path, script, seconds):
    """The 95th percentile of the answers, in milliseconds."""
    wrk = program("wrk", "wrk")
    command = [wrk, "-t", "1", "-c", str(CLIENTS), "-d", f"{seconds}s", "-s", str(script)]
    done = subprocess.run([*command, f"http://127.0.0.1:{vault.port}{path}"], capture_output=True, text=True)
    if done.returncode != 0 or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise Failed(f"wrk: {done.stdout}{done.stderr}")
    return float(re.search(r"p95 ([\d.]+) ms", done.stdout)[1])


def alone(database, what, seconds):
    """The same of the statement alone."""
    command = [RELEASE / "examples" / "bare_bench", database, what, str(CLIENTS), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"bare_bench: {done.stderr}")
    return float(done.stdout.split()[0])
