"""What the benches need of the machine: programs of others, a place for data, its description."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE = ROOT / "target" / "release"


class Failed(Exception):
    """A bench cannot be run, or both sides did not do the same work."""


def check(true, otherwise):
    """Ends the bench unless what both sides did is the same."""
    if not true:
        raise Failed(otherwise)


def program(name, package):
    """The path of a program of Debian's, which is installed when it is missing."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    found = shutil.which(name, path=path)
    if found is None:
        print(f"bench: installing {package}", file=sys.stderr)
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        install = [*apt, "install", "-y", "-q", "--no-install-recommends", package]
        if subprocess.run(install, stdout=sys.stderr).returncode != 0:
            subprocess.run([*apt, "update", "-q"], stdout=sys.stderr, check=False)
            subprocess.run(install, stdout=sys.stderr, check=False)
        found = shutil.which(name, path=path)
    if found is None:
        raise Failed(f"{name} is needed (package {package})")
    return found


def cargo(*arguments):
    """Runs cargo the way the repository does."""
    command = [str(ROOT / "scripts" / "cargo"), *arguments]
    if subprocess.run(command, cwd=ROOT, stdout=sys.stderr).returncode != 0:
        raise Failed(f"cargo {' '.join(arguments)} failed")


def stop(process):
    """Ends a process that was started here, gently at first."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def machine():
    """One line that says where the figures are from."""
    cpu = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    one, *_ = os.getloadavg()
    kernel = os.uname().release
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, Linux {kernel}, load at start {one:.1f}"
