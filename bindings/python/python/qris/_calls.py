"""Waits for running calls, in a thread or on an asyncio loop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from . import _native

_Answer = TypeVar("_Answer")


def finish(
    call: _native.Call,
    answer: type[_Answer],
    on_check: Callable[[Any], object] | None = None,
) -> _Answer:
    """Waits for the answer, and calls `on_check` for the checks before it."""
    try:
        while True:
            message = call.next()
            if isinstance(message, answer):
                return message
            if on_check is not None:
                on_check(message)
    finally:
        call.cancel()


async def finish_async(
    start: Callable[[Callable[[], object]], _native.Call],
    answer: type[_Answer],
    on_check: Callable[[Any], object] | None = None,
) -> _Answer:
    """The same, on the running loop."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    # The call runs in its own thread.
    call = start(lambda: loop.call_soon_threadsafe(ready.set))
    try:
        while True:
            await ready.wait()
            ready.clear()
            while (message := call.poll()) is not None:
                if isinstance(message, answer):
                    return message
                result = on_check(message) if on_check is not None else None
                if inspect.isawaitable(result):
                    await result
    finally:
        call.cancel()
