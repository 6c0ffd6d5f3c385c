"""nginx with two workers, serving bytes from a folder of its own as the program serves them: from memory."""

import pathlib
import socket
import subprocess
import tempfile
import time

from bench import get

CONFIGURATION = """
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    open_file_cache max=100;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        root {folder}/files;
        default_type text/html;
        {headers}
    }}
}}
"""
OWN = ("content-length", "content-type", "date", "connection", "etag", "transfer-encoding", "last-modified")


class Nginx:
    def __init__(self, body, headers):
        """Serves `body` at `/file` with these headers, but for those that every server writes itself."""
        self._folder = tempfile.TemporaryDirectory(prefix="cartwright-bench-nginx-")
        folder = pathlib.Path(self._folder.name)
        folder.chmod(0o755)
        (folder / "files").mkdir()
        (folder / "files" / "file").write_bytes(body)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        lines = "\n".join(
            f"add_header {name} {quoted(value)};" for name, value in headers.items() if name.lower() not in OWN)
        (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, headers=lines))
        self.process = subprocess.Popen(["nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf"])
        self.url = f"http://127.0.0.1:{port}/file"
        self._await(port)

    def check(self, body, headers):
        """Ends the benchmark when nginx does not answer the same bytes under the same fields."""
        served, told = get(self.url)
        names = [{name.lower() for name in fields} - {*OWN, "server", "accept-ranges"} for fields in (headers, told)]
        if served != body or names[0] != names[1]:
            raise SystemExit(f"nginx answers something else: {len(served)} bytes, {told}")

    def _await(self, port):
        while self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.01)
        raise SystemExit("nginx did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self._folder.cleanup()


def quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
