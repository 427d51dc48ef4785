"""What a writer asks of XlsxWriter, taken down call by call and written out as a bare function.

The function does what a script by hand would do that knew every cell beforehand: no plan, no
checks, no look-ups; each call on fresh objects with its arguments as literals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import BytesIO
from types import ModuleType
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.url import Url

from measure import BenchmarkError

Replay = Callable[[], bytes]


class Recording:
    """The calls of one write, in order."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._constants: dict[str, Any] = {"BytesIO": BytesIO}
        self._proxies: dict[int, _Proxy] = {}
        self.calls = 0

    @contextmanager
    def of(self, module: ModuleType) -> Iterator[None]:
        """Take down what is asked of the workbook classes that a module defines."""
        found = {
            name: value
            for name, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, Workbook)
        }
        for name, workbook_class in found.items():
            setattr(module, name, _Recorder(self, workbook_class))
        try:
            yield
        finally:
            for name, workbook_class in found.items():
                setattr(module, name, workbook_class)
        if not self._lines:
            raise BenchmarkError(f"{module.__name__} made no workbook that could be recorded")

    def replay(self) -> Replay:
        """A function that makes the same calls again and returns the bytes of the workbook."""
        lines = ["def replay():", "    target = BytesIO()", *self._lines]
        lines.append("    return target.getvalue()")
        space = dict(self._constants)
        exec(compile("\n".join(lines), "<replay>", "exec"), space)  # noqa: S102 - written above
        made: Replay = space["replay"]
        return made

    # --- used by the recorder and its proxies -----------------------------------------------------
    def call(
        self, callee: str, function: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> Any:
        """Make a call, take it down, and return its result, recording what is asked of that."""
        # Spelled before the call, which may change what it is given.
        spelled = [self._spell(value) for value in args]
        spelled += [f"{name}={self._spell(value)}" for name, value in kwargs.items()]
        plain = {name: _plain(value) for name, value in kwargs.items()}
        result = function(*(_plain(value) for value in args), **plain)
        self.calls += 1
        line = f"{callee}({', '.join(spelled)})"
        wrapped = self.wrapped(result)
        if isinstance(wrapped, _Proxy):
            line = f"{object.__getattribute__(wrapped, '_name')} = {line}"
        self._lines.append("    " + line)
        return wrapped

    def assign(self, owner: str, name: str, value: Any) -> None:
        """Take down the setting of an attribute."""
        self._lines.append(f"    {owner}.{name} = {self._spell(value)}")

    def constant(self, value: Any) -> str:
        """The name by which the function knows an object made beforehand."""
        name = f"constant_{len(self._constants)}"
        self._constants[name] = value
        return name

    def wrapped(self, value: Any) -> Any:
        """XlsxWriter's objects behind a proxy that takes down their calls; all else as it is."""
        if isinstance(value, list):
            return [self.wrapped(item) for item in value]
        if not _is_of_xlsxwriter(value):
            return value
        if id(value) not in self._proxies:
            self._proxies[id(value)] = _Proxy(self, value, f"made_{len(self._proxies)}")
        return self._proxies[id(value)]

    def _spell(self, value: Any) -> str:
        match value:
            case _Proxy():
                return str(object.__getattribute__(value, "_name"))
            case BytesIO():
                return "target"
            case None | bool() | int() | float() | str() | bytes():
                return repr(value)
            case list():
                return f"[{', '.join(map(self._spell, value))}]"
            case tuple():
                return f"({''.join(self._spell(item) + ', ' for item in value)})"
            case dict():
                # A folder made for one workbook is gone when the calls are made again.
                kept = {k: v for k, v in value.items() if k != "tmpdir"}
                pairs = (f"{self._spell(k)}: {self._spell(v)}" for k, v in kept.items())
                return "{" + ", ".join(pairs) + "}"
            case date() | Decimal() | Url():
                return self.constant(value)
        raise BenchmarkError(f"an argument that cannot be recorded: {value!r}")


class _Recorder:
    """Stands for a workbook class."""

    def __init__(self, recording: Recording, workbook_class: type) -> None:
        self._recording, self._class = recording, workbook_class

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        name = self._recording.constant(self._class)
        return self._recording.call(name, self._class, args, kwargs)


class _Proxy:
    """Stands for one of XlsxWriter's objects."""

    def __init__(self, recording: Recording, target: Any, name: str) -> None:
        object.__setattr__(self, "_recording", recording)
        object.__setattr__(self, "_target", target)
        object.__setattr__(self, "_name", name)

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__"):
            return object.__getattribute__(self, name)
        recording, target, own_name = (
            object.__getattribute__(self, part) for part in ("_recording", "_target", "_name")
        )
        value = getattr(target, name)
        if not callable(value):
            return recording.wrapped(value)
        callee = f"{own_name}.{name}"
        return lambda *args, **kwargs: recording.call(callee, value, args, kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        recording = object.__getattribute__(self, "_recording")
        recording.assign(object.__getattribute__(self, "_name"), name, value)
        setattr(object.__getattribute__(self, "_target"), name, _plain(value))


def _plain(value: Any) -> Any:
    """An argument as XlsxWriter must see it."""
    match value:
        case _Proxy():
            return object.__getattribute__(value, "_target")
        case list():
            return [_plain(item) for item in value]
        case tuple():
            return tuple(_plain(item) for item in value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
    return value


def _is_of_xlsxwriter(value: Any) -> bool:
    """Whether an object is of one of XlsxWriter's classes, or of a subclass."""
    return any(base.__module__.startswith("xlsxwriter.") for base in type(value).__mro__)
