"""A vault of its own for one bench: started, given a first account, stopped, removed."""

import http.client
import json
import os
import socket
import subprocess
import time
from itertools import chain

from tools import RELEASE, Failed, stop

ACCOUNT = {"email": "bench@example.org", "password": "correct horse battery"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Vault:
    """A running `mediavault serve` with its defaults, except for what `settings` says. A folder that is
    there already is a vault that was stopped: it is started again, with the key it gave before."""

    def __init__(self, folder, key=None, **settings):
        self.port = free_port()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=key is not None)
        ours = {f"MEDIAVAULT_{name.upper()}": value for name, value in settings.items()}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MEDIAVAULT_")}
        self.log = folder.with_suffix(".log").open("w")
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [RELEASE / "mediavault", "serve", "--data-dir", folder, "--listen", f"127.0.0.1:{self.port}"],
            # One account asks for what thousands would: the rates are for those, not for what is measured.
            env=kept | {"MEDIAVAULT_LOG": "warn", "MEDIAVAULT_RATE_LIMIT": "off"} | ours,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        try:
            self._until_ready()
            self.ready_after = time.perf_counter() - started
            self.key = key or self._first_account()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        stop(self.process)
        self.log.close()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    @property
    def credential(self):
        return {"Authorization": f"Bearer {self.key}"}

    def ask(self, method, path, body=None, headers=None):
        """A small request on a connection of its own; the decoded answer."""
        connection = self.connect()
        headers = self.credential if headers is None else headers
        if body is not None:
            headers = headers | {"Content-Type": "application/json"}
            body = json.dumps(body)
        connection.request(method, f"/api/v1{path}", body, headers)
        answer = answered(connection, f"{method} {path}")
        connection.close()
        return json.loads(answer)

    def bytes_of(self, url):
        """What is at an address the vault gave."""
        connection = self.connect()
        connection.request("GET", url, headers=self.credential)
        answer = answered(connection, url)
        connection.close()
        return answer

    def upload(self, connection, name, pieces, size):
        """Sends one file of `size` bytes, given as buffers, over a kept connection; the asset."""
        boundary = "mediavault-bench"
        head = (
            f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; "
            f"filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = f"\r\n--{boundary}--\r\n".encode()
        length = len(head) + size + len(tail)
        connection.request(
            "POST",
            "/api/v1/assets",
            body=chain([head], pieces, [tail]),
            headers=self.credential
            | {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": str(length)},
        )
        return json.loads(answered(connection, f"upload of {name}"))["asset"]

    def until_idle(self):
        """Waits until the queue is empty."""
        while True:
            counts = self.ask("GET", "/jobs?limit=1")["counts"]
            if counts["dead"]:
                raise Failed(f"{counts['dead']} jobs died; see {self.log.name}")
            if counts["waiting"] + counts["running"] == 0:
                return
            time.sleep(0.05)

    def _until_ready(self):
        for _ in range(6000):
            if self.process.poll() is not None:
                raise Failed(f"the vault ended at once; see {self.log.name}")
            try:
                connection = self.connect()
                connection.request("GET", "/health/ready")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.005)
        raise Failed(f"the vault is not ready; see {self.log.name}")

    def _first_account(self):
        session = self.ask("POST", "/auth/register", ACCOUNT, headers={})
        token = {"Authorization": f"Bearer {session['access_token']}"}
        return self.ask("POST", "/me/keys", {"name": "bench"}, headers=token)["key"]


def answered(connection, what):
    """The body of a good answer."""
    response = connection.getresponse()
    body = response.read()
    if response.status >= 300:
        raise Failed(f"{what}: {response.status} {body[:300]!r}")
    return body
