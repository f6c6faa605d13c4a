"""Reads sets of pictures with four readers and prints, for each kind, how many are read and how fast.

A picture counts as read when every text in it is found; where a set names no text, when any is.
The time is the median of a kind, from the bytes of a file to the texts.
"""

import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

DETECTOR = cv2.QRCodeDetector()


def grey(file: bytes) -> np.ndarray:
    """The pixels in grey, on white where they are transparent."""
    pixels = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels.dtype != np.uint8:
        pixels = (pixels >> 8).astype(np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        alpha = pixels[:, :, 3:].astype(np.float32) / 255
        pixels = (pixels[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels


def by_zxing(pixels: np.ndarray) -> list[str]:
    codes = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in codes]


def by_zbar(pixels: np.ndarray) -> list[str]:
    codes = pyzbar.decode(pixels, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [code.data.decode("utf-8", "replace") for code in codes]


def by_opencv(pixels: np.ndarray) -> list[str]:
    found, texts, _, _ = DETECTOR.detectAndDecodeMulti(pixels)
    return [text for text in texts if text] if found else []


def by_library(read, file: Path) -> tuple[float, list[str]]:
    data = file.read_bytes()
    start = time.perf_counter()
    try:
        texts = read(grey(data))
    except (cv2.error, ValueError, UnicodeDecodeError):
        texts = []
    return 1000 * (time.perf_counter() - start), texts


def by_us(program: str, files: list[Path]) -> dict[str, tuple[float, list[str]]]:
    names = "\n".join(map(str, files))
    result = subprocess.run(
        [program, "read"], input=names, capture_output=True, text=True, check=True
    )
    lines = map(json.loads, result.stdout.splitlines())
    return {Path(line["file"]).name: (line["ms"], line["texts"]) for line in lines}


def compare(program: str, folder: Path) -> None:
    texts, kinds = defaultdict(list), {}
    for line in (folder / "expected.tsv").read_text("utf-8").splitlines():
        name, kind, text = line.split("\t", 2)
        texts[name].append(json.loads(text))
        kinds[name] = kind
    files = [folder / name for name in texts]
    readers = {"qris-image": by_us(program, files)}
    for name, read in [("zxing-cpp", by_zxing), ("zbar", by_zbar), ("OpenCV", by_opencv)]:
        readers[name] = {file.name: by_library(read, file) for file in files}

    print(f"\n{folder.name}\n\n| kind | pictures | {' | '.join(readers)} |")
    print("|---|---|" + "---|" * len(readers))
    of_kind = defaultdict(list)
    for name, kind in kinds.items():
        of_kind[kind].append(name)
    of_kind["all"] = list(kinds)
    for kind, names in of_kind.items():
        cells = []
        for results in readers.values():
            read = sum(
                all(text in results[name][1] if text is not None else results[name][1]
                    for text in texts[name])
                for name in names
            )
            ms = statistics.median(results[name][0] for name in names)
            cells.append(f"{read}, {ms:.1f} ms")
        print(f"| {kind} | {len(names)} | {' | '.join(cells)} |")


for set_folder in sys.argv[2:]:
    compare(sys.argv[1], Path(set_folder))
