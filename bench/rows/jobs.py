"""F12: jobs through the queue with a handler that does nothing, claimed in batches of 16."""

import subprocess

from measure import Spread
from tools import RELEASE, Failed, cargo

FLOORS = {"SQLite": (3000, 10000), "PostgreSQL": (2000, 5000)}
BATCH = "16"


def run(results, settings):
    cargo("build", "--release", "-q", "--workspace", "--example", "queue_bench")
    rates = {name: [] for name in FLOORS}
    for _ in range(settings.rounds):
        for name, batch, rate in once(settings.jobs):
            if batch == BATCH:
                rates[name].append(rate)
    for name, (floor, goal) in FLOORS.items():
        spread = Spread(tuple(rates[name]))
        results.add(
            "F12",
            f"jobs through the queue, {name}",
            spread.show("{:,.0f}", "/s"),
            "–",
            "–",
            "–",
            f"{floor:,}/s",
            f"{goal:,}/s",
            spread.middle >= floor,
        )


def once(jobs):
    """Every line of the queue's own bench, which itself makes sure that every job was done once."""
    bench = RELEASE / "examples" / "queue_bench"
    output = subprocess.run([bench, str(jobs)], capture_output=True, text=True)
    if output.returncode != 0:
        raise Failed(f"queue_bench: {output.stderr}")
    for line in output.stdout.splitlines()[1:]:
        name, batch, _workers, _jobs, rate = line.split()
        yield name, batch, float(rate)
