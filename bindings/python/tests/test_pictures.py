"""Drawing and reading pictures."""

from __future__ import annotations

import io
import warnings
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import Any

import pytest
import qris
from conftest import SAMPLE, STICKER, vectors


def test_what_is_drawn_is_read_back() -> None:
    for vector in vectors()[:40]:
        verdict = qris.inspect(vector.payload).verdict
        if verdict in ("valid", "warn"):
            text = qris.decode(vector.payload).text
            assert qris.read_image(qris.draw(vector.payload, "png")) == [text], vector.line


def test_a_picture_is_read_from_bytes_and_from_a_path_alike(tmp_path: Path) -> None:
    path = tmp_path / "qr.png"
    path.write_bytes(qris.draw(SAMPLE, "png"))
    for picture in (path, str(path), path.read_bytes()):
        assert qris.read_image(picture) == [SAMPLE]
    with pytest.raises(FileNotFoundError):
        qris.read_image(tmp_path / "none.png")


FILES = Path(__file__).parents[3] / "crates/qris-image/tests/pictures/files"


@pytest.mark.parametrize("name", ["lossless.webp", "lossy.webp", "no_end_marker.jpg"])
def test_pictures_that_shops_publish_are_read(name: str) -> None:
    assert qris.read_image(FILES / name) == [STICKER]


def test_a_picture_is_read_from_an_open_file_and_any_bytes() -> None:
    picture = qris.draw(SAMPLE, "png")
    for other in (io.BytesIO(picture), bytearray(picture), memoryview(picture)):
        assert qris.read_image(other) == [SAMPLE]
    with pytest.raises(TypeError, match="expected a file that is open for reading bytes"):
        qris.read_image(io.StringIO("text"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected bytes, a path or an open file, found int"):
        qris.read_image(7)  # type: ignore[arg-type]


def test_a_bmp_is_read() -> None:
    white = b"BM:" + bytes(7) + b"6" + bytes(3) + b"(" + bytes(3)
    white += b"\1" + bytes(3) + b"\1" + bytes(3) + b"\1\0\x18" + bytes(25) + b"\xff\xff\xff\0"
    assert qris.read_image(white) == []


def test_a_heic_picture_is_refused_by_name_with_what_to_do() -> None:
    with pytest.raises(qris.DecodeError) as refused:
        qris.read_image(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    assert refused.value.code == "picture-format"
    assert str(refused.value) == (
        "expected a PNG, JPEG, WebP or BMP picture, found a HEIC picture: "
        "save it as JPEG or take a screenshot of it"
    )


def test_each_format_is_what_it_says() -> None:
    assert xml.fromstring(qris.draw(SAMPLE).decode()).tag == "{http://www.w3.org/2000/svg}svg"
    assert qris.draw(SAMPLE, "png").startswith(b"\x89PNG")
    assert "NMID: ID1020021181745" in qris.draw(SAMPLE, "terminal").decode()
    assert qris.draw(SAMPLE, "escpos").startswith(b"\x1dv0\0")
    assert "NMID" not in qris.draw(SAMPLE, "terminal", plain=True).decode()


def test_the_settings_change_the_picture() -> None:
    def width(picture: bytes) -> int:
        return int.from_bytes(picture[16:20], "big")

    assert width(qris.draw(SAMPLE, "png", width=600)) == 600
    small, large = (qris.draw(SAMPLE, "png", module=pixels) for pixels in (2, 4))
    assert width(large) == 2 * width(small)
    assert width(qris.draw(SAMPLE, "png", level="H", module=4)) > width(large)
    wide, narrow = (qris.draw(SAMPLE, "escpos", paper=paper) for paper in (80, 58))
    assert (wide[4], narrow[4]) == (576 // 8, 384 // 8)


def test_only_payloads_are_drawn() -> None:
    with pytest.raises(qris.DecodeError) as refused:
        qris.draw("https://example.com")
    assert refused.value.code == "object-header-not-digits"


def test_a_picture_without_room_is_an_encode_error() -> None:
    with pytest.raises(qris.EncodeError) as refused:
        qris.draw(SAMPLE, "png", width=20)
    assert refused.value.code == "picture-too-narrow"


@pytest.mark.parametrize(
    "settings",
    [{"format": "gif"}, {"level": "X"}, {"paper": 57}, {"module": 4, "width": 400}],
)
def test_settings_that_make_no_sense_are_value_errors(settings: dict[str, object]) -> None:
    with pytest.raises(qris.InvalidValue, match="expected"):
        qris.draw(SAMPLE, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "settings",
    [
        {"quiet_zone": -1},
        {"quiet_zone": 256},
        {"module": -1},
        {"module": 2**70},
        {"width": 70_000},
        {"paper": -58},
    ],
)
def test_numbers_out_of_range_are_value_errors(settings: dict[str, Any]) -> None:
    (name,) = settings
    with pytest.raises(qris.InvalidValue, match=f"expected {name} from 0 to"):
        qris.draw(SAMPLE, **settings)
    with pytest.raises(TypeError, match=f"expected int as {name}, found str"):
        qris.draw(SAMPLE, **{name: "1"})  # type: ignore[arg-type]


def sticker_of(name: str, more: str = "") -> str:
    """The sticker of another merchant, with these objects behind it."""
    text = STICKER.replace("5911TOKO CONTOH", f"59{len(name):02}{name}")[:-8] + more
    return f"{text}6304{checksum(text + '6304'):04X}"


def checksum(text: str) -> int:
    """CRC-16/CCITT-FALSE of the UTF-8 bytes."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def test_a_poster_is_an_svg_in_millimetres_or_a_pdf() -> None:
    for size, width in (("a5", "148mm"), ("a6", "105mm")):
        page = xml.fromstring(qris.draw(STICKER, poster=size).decode())  # type: ignore[arg-type]
        assert page.attrib["width"] == width
    words = qris.draw(STICKER, poster="a5", printed_by="Percetakan", print_version="2.1").decode()
    for line in ("TOKO CONTOH", "NMID: ID1020038431489", "Kriteria: UMI"):
        assert f">{line}<" in words
    assert ">Dicetak oleh: Percetakan<" in words and ">Versi cetak: 2.1<" in words
    assert qris.draw(STICKER, "pdf", poster="a5").startswith(b"%PDF-")


def test_a_poster_of_a_dynamic_code_is_an_encode_error() -> None:
    with pytest.raises(qris.EncodeError) as refused:
        qris.draw(SAMPLE, poster="a5")
    assert refused.value.code == "picture-not-static"
    with pytest.raises(qris.DecodeError) as wrong:
        qris.draw(sticker_of("TOKO", "54010"), poster="a5")
    assert wrong.value.code == "amount-zero"


@pytest.mark.parametrize(
    "settings",
    [
        {"poster": "a4"},
        {"poster": "a5", "format": "png"},
        {"poster": "a5", "plain": True},
        {"poster": "a5", "width": 100},
        {"format": "pdf"},
        {"printed_by": "x"},
    ],
)
def test_settings_that_no_poster_has_are_value_errors(settings: dict[str, Any]) -> None:
    with pytest.raises(qris.InvalidValue, match="expected"):
        qris.draw(STICKER, **settings)


def test_a_name_in_other_letters_is_drawn_in_its_other_language_or_left_out_with_a_warning() -> None:
    named = sticker_of("最佳运输", "64200002EN0110BEST MOVES")
    unnamed = sticker_of("最佳运输")
    settings: list[dict[str, Any]] = [
        {"format": "png"},
        {"format": "escpos"},
        {"format": "pdf", "poster": "a5"},
    ]
    for setting in settings:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            qris.draw(named, **setting)
        with pytest.warns(UserWarning, match="left out 1 of the lines") as caught:
            qris.draw(unnamed, **setting)
        # It points at the caller, and does not say the name.
        assert caught[0].filename == __file__ and "最" not in str(caught[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "最佳运输" in qris.draw(unnamed).decode()
        assert "最佳运输" in qris.draw(unnamed, poster="a6").decode()


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(qris.DecodeError) as refused:
        qris.draw("é\udcff")
    assert (refused.value.code, refused.value.offset) == ("text-not-utf8", 2)


def test_a_file_that_is_no_picture_says_so() -> None:
    for picture, code in ((b"GIF89a", "picture-format"), (b"\x89PNG\r\n\x1a\n", "picture-damaged")):
        with pytest.raises(qris.DecodeError) as refused:
            qris.read_image(picture)
        assert (refused.value.code, refused.value.offset) == (code, None)


def test_a_notebook_shows_a_code_as_its_qr() -> None:
    code = qris.decode(STICKER)
    assert code._repr_svg_() == qris.draw(STICKER).decode()
    assert code._repr_svg_() in code._repr_html_()
