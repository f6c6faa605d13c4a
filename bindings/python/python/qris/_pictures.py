"""Payloads to pictures and back."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import BinaryIO, Literal

from . import _native
from ._errors import InvalidValue


def draw(
    text: str,
    format: Literal["svg", "png", "terminal", "escpos", "pdf"] = "svg",
    *,
    plain: bool = False,
    level: Literal["L", "M", "Q", "H"] = "M",
    quiet_zone: int = 4,
    module: int | None = None,
    width: int | None = None,
    paper: Literal[58, 80] = 58,
    poster: Literal["a5", "a6"] | None = None,
    printed_by: str | None = None,
    print_version: str | None = None,
) -> bytes:
    """Draws a payload as a QR, with the merchant's name, NMID and amount under it unless `plain`.

    SVG and terminal pictures are UTF-8. `module` is the side of one module (one square of the QR) in
    pixels; `width` is the side of the whole picture. ESC/POS is for receipt printers with paper of
    58 or 80 mm. Raises `DecodeError` for a text that is not a payload, and `EncodeError` for a
    payload that does not fit.

    `poster` draws a sign with a static code, to print on A5 or A6 paper, as `svg` or `pdf`: name, NMID,
    terminal, code, criteria, who printed it (`printed_by`, by default the acquirer's number) and in
    which version (`print_version`, by default 1.0). The places of the logos stay empty. A dynamic
    code is an `EncodeError`. A poster allows only one other setting: `level`.

    PNG and ESC/POS can draw the letters of Western Europe, PDF the letters of Windows-1252, SVG and the
    terminal every letter. If a name has other letters, the merchant's name in another language
    (object 64) is drawn. If there is none, the name is left out with a `UserWarning`.

    >>> picture = qris.draw(
    ...     "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
    ...     "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
    ...     "CONTOH6007JAKARTA61051011062070703A01630466DC",
    ...     "png",
    ...     width=400,
    ... )
    >>> picture[:4]
    b'\\x89PNG'
    >>> [qris.decode(text).merchant_name for text in qris.read_image(picture)]
    ['TOKO CONTOH']
    """
    if poster is None:
        if printed_by is not None or print_version is not None:
            message = "expected poster with printed_by and print_version, found none"
            raise InvalidValue(message, code="argument")
        return _native.draw(text, format, plain, level, quiet_zone, module, width, paper)
    if plain or (quiet_zone, module, width, paper) != (4, None, None, 58):
        message = "expected a poster with level as its only setting, found others"
        raise InvalidValue(message, code="argument")
    return _native.draw_poster(text, format, poster, level, printed_by, print_version)


def read_image(picture: bytes | bytearray | memoryview | str | PathLike[str] | BinaryIO) -> list[str]:
    """Reads every QR symbol in a picture: a photo, a scan, a screenshot.

    `picture` is a PNG, JPEG, WebP or BMP picture itself, the path of its file, or a file that is
    open for reading bytes. The texts are exactly the ones in the symbols; `decode` them. A
    picture without a symbol gives an empty list. A file that cannot be read is a `DecodeError`
    with the code `picture-format` (it says what the file is and what to do), `picture-damaged` or
    `picture-too-large` (more than 120 million pixels, or more than 512 MiB of memory).

    >>> qris.read_image(b"GIF89a")
    Traceback (most recent call last):
    qris._errors.DecodeError: expected a PNG, JPEG, WebP or BMP picture, found a GIF picture: ...
    """
    if isinstance(picture, (str, PathLike)):
        picture = Path(picture).read_bytes()
    elif not isinstance(picture, (bytes, bytearray, memoryview)):
        picture = _contents(picture)
    return _native.read_image(bytes(picture))


def _contents(file: BinaryIO) -> bytes:
    read = getattr(file, "read", None)
    if read is None:
        raise TypeError(f"expected bytes, a path or an open file, found {type(file).__name__}")
    contents = read()
    if not isinstance(contents, bytes):
        raise TypeError("expected a file that is open for reading bytes, found one of text")
    return contents
