"""A PostgreSQL server for one test: in a temporary folder, on a socket there, until the test ends.
Needs Debian's package `postgresql`."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = 54329


@contextmanager
def server() -> Iterator[str]:
    """The URL of an empty database."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert binaries, "expected Debian's package postgresql, found no /usr/lib/postgresql"
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    # PostgreSQL refuses root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")

    def run(binary: str, *arguments: str) -> None:
        command = [*as_user, str(binaries[-1] / binary), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60, cwd=folder)

    try:
        run("initdb", "-A", "trust", "-U", "qris", "--no-sync", "-E", "UTF8", "--locale=C")
        # Only the socket, so no TCP port can be in use already. Its data may be lost if the machine stops.
        options = f"-c listen_addresses= -c fsync=off -c unix_socket_directories={folder} -p {PORT}"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgres://qris@{str(folder).replace('/', '%2F')}:{PORT}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
