"""The whole package: its public names, and its documentation."""

from __future__ import annotations

import asyncio
import doctest
import inspect
from datetime import timedelta
from decimal import Decimal
from importlib import metadata, resources
from pathlib import Path

import pytest
import qris

PUBLIC = [getattr(qris, name) for name in qris.__all__]


def examples() -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    names = {"qris": qris, "Decimal": Decimal, "timedelta": timedelta, "asyncio": asyncio}
    found = finder.find(qris, "qris", globs=names)
    for name, thing in zip(qris.__all__, PUBLIC):
        found += finder.find(thing, f"qris.{name}", module=False, globs=names)
    readme = Path(__file__).parents[1] / "README.md"
    parser = doctest.DocTestParser()
    found.append(parser.get_doctest(readme.read_text("utf-8"), names, "README", str(readme), 0))
    return [example for example in found if example.examples]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_examples_in_the_documentation_work(
    example: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some of them create a database in the current folder.
    monkeypatch.chdir(tmp_path)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(example, out=report.append)
    assert not report, "".join(report)


def test_the_main_functions_and_classes_have_examples() -> None:
    names = {example.name for example in examples()}
    for name in (
        "decode",
        "inspect",
        "encode",
        "draw",
        "Client",
        "AsyncClient",
        "Merchant",
        "Orders",
        "AsyncOrders",
        "SandboxServer",
    ):
        assert f"qris.{name}" in names
    assert "qris.Qris.to_dynamic" in names


def test_everything_public_is_documented_and_has_its_module() -> None:
    for name, thing in zip(qris.__all__, PUBLIC):
        if isinstance(thing, str):  # `__version__`
            continue
        assert inspect.getdoc(thing), name
        assert thing.__module__.partition(".")[0] == "qris", name
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                    assert inspect.getdoc(value), f"{name}.{member}"


def test_every_exception_is_a_qris_error() -> None:
    errors = [thing for thing in PUBLIC if inspect.isclass(thing) and issubclass(thing, Exception)]
    assert len(errors) == 19
    assert all(issubclass(error, qris.QrisError) for error in errors)
    api: list[type[qris.QrisError]] = [
        qris.Rejected,
        qris.OutcomeUnknown,
        qris.Unreachable,
        qris.MalformedReply,
        qris.ContentMismatch,
    ]
    assert all(issubclass(error, qris.ApiError) for error in api)
    orders: list[type[qris.QrisError]] = [
        qris.Conflict,
        qris.NotFound,
        qris.WrongState,
        qris.TooSoon,
        qris.NotChecked,
        qris.LedgerUnavailable,
    ]
    assert all(issubclass(error, qris.OrdersError) for error in orders)
    assert issubclass(qris.NotFound, LookupError)
    assert issubclass(qris.DecodeError, ValueError) and issubclass(qris.EncodeError, ValueError)
    assert issubclass(qris.InvalidValue, ValueError)
    assert not issubclass(qris.InvalidValue, qris.ApiError)


def test_the_version_is_that_of_the_distribution() -> None:
    assert qris.__version__ == metadata.version("qris")


def test_types_ship_with_the_package() -> None:
    assert resources.files(qris).joinpath("py.typed").is_file()
    assert resources.files(qris).joinpath("_native.pyi").is_file()
    assert metadata.metadata("qris")["Requires-Python"] == ">=3.10"
    assert metadata.requires("qris") is None
