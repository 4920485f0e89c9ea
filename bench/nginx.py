"""nginx as one would set it up to serve a folder: sendfile, a worker a core, no log."""

import os
import socket
import subprocess
import time

from tools import Failed, program, stop
from vault import free_port

CONFIG = """\
daemon off;
{user}
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


class Nginx:
    """Serves `root` on a free port."""

    def __init__(self, folder, root):
        command = program("nginx", "nginx-light")
        self.port = free_port()
        folder.mkdir(parents=True)
        config = folder / "nginx.conf"
        # Started by root, the workers would be another user, whom the bench's folder shuts out.
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(CONFIG.format(folder=folder, root=root, port=self.port, user=user))
        self.process = subprocess.Popen(
            [command, "-p", folder, "-c", config, "-e", folder / "nginx.log"], start_new_session=True
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        stop(self.process)
        raise Failed(f"nginx does not start; see {folder}/nginx.log")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        stop(self.process)
