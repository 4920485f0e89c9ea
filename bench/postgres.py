"""A PostgreSQL of its own for one bench: durable, on a free port, stopped and removed at the end."""

import os
import subprocess
from pathlib import Path

from tools import Failed, program
from vault import free_port


class Postgres:
    """Started with its defaults, but for a port and a socket of its own."""

    def __init__(self, folder):
        self.data = folder / "data"
        self.port = free_port()
        folder.mkdir(parents=True)
        # It refuses to run as root.
        self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if self.as_user:
            subprocess.run(["chown", "-R", "postgres", folder], check=True)
            for parent in [folder, *folder.parents]:
                if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                    parent.chmod(parent.stat().st_mode | 0o001)
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100"
        self._run("pg_ctl", "-w", "-D", self.data, "-l", self.data / "log", "-o", options, "start")
        self.url = f"postgres://bench@127.0.0.1:{self.port}/postgres"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._run("pg_ctl", "-w", "-D", self.data, "-m", "fast", "stop")

    def _run(self, name, *arguments):
        command = [*self.as_user, binary(name), *map(str, arguments)]
        done = subprocess.run(command, cwd=self.data.parent, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"{name}: {done.stdout}{done.stderr}")


def binary(name):
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else program(name, "postgresql")
