"""Checks what is in the wheel and the source distribution: contents.py FILE…"""

from __future__ import annotations

import os
import re
import sys
import tarfile
import zipfile
from pathlib import Path

MODULES = {
    "__init__.py",
    "_api.py",
    "_async_orders.py",
    "_calls.py",
    "_clients.py",
    "_codec.py",
    "_cpm.py",
    "_errors.py",
    "_fields.py",
    "_findings.py",
    "_merchant.py",
    "_moment.py",
    "_native.abi3.so",
    "_native.pyi",
    "_order.py",
    "_orders.py",
    "_pictures.py",
    "_sandbox.py",
    "py.typed",
}
# All files of the package, and no others.
CRATES = {"qris-api", "qris-codec", "qris-image", "qris-ledger", "qris-orders", "qris-sandbox"}
# Without optimisation it is larger.
MAX_WHEEL_BYTES = int(os.environ.get("MAX_WHEEL_MIB", "8")) * 1024 * 1024


def check_wheel(path: Path) -> None:
    names = zipfile.ZipFile(path).namelist()
    modules = {name.removeprefix("qris/") for name in names if name.startswith("qris/")}
    assert modules == MODULES, modules ^ MODULES
    info = {name for name in names if not name.startswith("qris/")}
    assert all(re.match(r"qris-[\d.]+\.dist-info/", name) for name in info), info
    assert re.search(r"-cp310-abi3-", path.name), path.name
    size = path.stat().st_size
    assert size < MAX_WHEEL_BYTES, size
    print(f"{path.name}: {len(names)} files, {size / 1024 / 1024:.1f} MiB")


def check_sdist(path: Path) -> None:
    names = {name.partition("/")[2] for name in tarfile.open(path).getnames()}
    crates = {name.split("/")[1] for name in names if name.startswith("crates/")}
    assert crates == CRATES, crates ^ CRATES
    for needed in ("Cargo.toml", "Cargo.lock", "PKG-INFO", "pyproject.toml"):
        assert needed in names, needed
    odd = [name for name in names if re.search(r"(^|/)(target|\.git|__pycache__|shared)(/|$)", name)]
    assert not odd, odd
    print(f"{path.name}: {len(names)} files, {path.stat().st_size / 1024 / 1024:.1f} MiB")


def main(paths: list[Path]) -> None:
    assert sorted(path.suffix for path in paths) == [".gz", ".whl"], paths
    for path in paths:
        check_wheel(path) if path.suffix == ".whl" else check_sdist(path)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
