"""F1 and F2: the picture work of one upload and its memory, beside sharp. Measured by `bench/images`."""

import json
import subprocess
import sys
from statistics import median

from measure import Spread
from tools import ROOT, Failed, cargo, program

IMAGES = ROOT / "bench" / "images"
SPEED = [
    # preview, wide gamut, floor, goal
    ("webp", False, 1.2, 1.6),
    ("webp", True, 2.0, 3.0),
    ("jpeg", False, None, 2.5),
    ("jpeg", True, None, 2.5),
]
MEMORY = (1 / 3, 1 / 5)


def run(results, settings):
    cargo("build", "--release", "-q", "-p", "decode", "--example", "image_bench")
    measured = measure(settings)
    for preview, wide, floor, goal in SPEED:
        rows = [r for r in measured["rows"] if r["preview"] == preview and r["wide"] == wide]
        if not rows:
            continue
        ratios = Spread(tuple(row["ratio"] for row in rows))
        results.add(
            "F1",
            f"photo to pictures, preview {preview}, {'Display P3' if wide else 'sRGB'}, one core",
            f"{median(row['mine'] for row in rows):.0f} ms",
            f"{median(row['theirs'] for row in rows):.0f} ms",
            "–",
            ratios.show(),
            str(floor or "–"),
            str(goal),
            None if floor is None else ratios.middle >= floor,
        )
    peaks = measured["remembered"]
    shares = Spread(tuple(float(row["ratio"]) for row in peaks))
    floor, goal = MEMORY
    results.add(
        "F2",
        "peak memory of that, 24 MP",
        f"{median(float(row['ours, MiB']) for row in peaks):.0f} MiB",
        f"{median(float(row['sharp, MiB']) for row in peaks):.0f} MiB",
        shares.show(),
        "–",
        f"≤ {floor:.2f}",
        f"≤ {goal:.2f}",
        shares.middle <= floor,
    )
    results.note("F1: processor time of both; the ratio is the median over the pictures (least to most of a picture).")


def measure(settings):
    out = settings.folder / "images.json"
    node(str(IMAGES / "run.mjs"), str(settings.rounds), str(out))
    return json.loads(out.read_text())


def node(*arguments):
    """Runs node where sharp is, and fetches that first when it is not there yet."""
    command = program("node", "nodejs")
    if not (IMAGES / "node_modules" / "sharp").is_dir():
        npm = [program("npm", "npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(npm, cwd=IMAGES, stdout=sys.stderr, check=True)
    if subprocess.run([command, *arguments], cwd=IMAGES, stdout=sys.stderr).returncode != 0:
        raise Failed("bench/images failed")
