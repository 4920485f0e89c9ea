"""F10: from the start of the program to its being ready, with an empty vault and with a large library."""

from measure import Spread
from rows.library import seeded
from vault import Vault

LIMITS = {"an empty vault": (1.0, 0.2), "full": (3.0, 0.5)}


def run(results, settings):
    empty = [started(settings.folder / f"empty-{n}") for n in range(settings.rounds)]
    add(results, "an empty vault", empty, 1.0, 0.2)
    # The one of F8, when that was measured before.
    folder = settings.folder / "sqlite"
    key = seeded(folder, settings.library)
    full = [started(folder, key) for _ in range(settings.rounds)]
    add(results, f"{settings.library:,} assets, SQLite", full, 3.0, 0.5)


def started(folder, key=None):
    """Seconds until the vault said that it is ready."""
    with Vault(folder, key) as vault:
        return vault.ready_after


def add(results, what, seconds, floor, goal):
    spread = Spread(tuple(seconds))
    results.add(
        "F10",
        f"start to ready, {what}",
        spread.show("{:.2f}", " s"),
        "–",
        "–",
        "–",
        f"{floor} s",
        f"{goal} s",
        spread.middle <= floor,
    )
