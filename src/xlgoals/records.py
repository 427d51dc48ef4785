"""Typed forms as JSON: an array, or one form a line (.jsonl)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from xlgoals.language import Message
from xlgoals.layouts import Layout
from xlgoals.models import GoalForm, form_class
from xlgoals.record_problems import told

# What `import --with-source` adds to a form; it is no part of the form.
SOURCE_KEY = "source"
_TOLD = 5  # complaints about one form


class RecordError(ValueError):
    """A file that holds no forms of this layout; the text says where and why."""


def load_forms(path: str | PathLike[str], layout: Layout) -> list[GoalForm]:
    """Read forms from a JSON array, or from lines of JSON where the name ends in ``.jsonl``.

    Raises RecordError for what is no such file, OSError where it cannot be read.
    """
    file = Path(path)
    try:
        items = _items(file, file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RecordError(Message("{file}：不是 UTF-8 编码的文本", file=file)) from error
    if not isinstance(items, list):
        raise RecordError(Message("{file}：应是由各张表组成的 JSON 数组", file=file))
    return [_form(item, number, layout, file) for number, item in enumerate(items, start=1)]


def _items(file: Path, text: str) -> Any:
    if not is_lines(file):
        return _parsed(file, text, 0)
    # No other line ends than these: texts may have theirs.
    lines = enumerate(text.split("\n"))
    return [_parsed(file, line, before) for before, line in lines if line.strip()]


def _parsed(file: Path, text: str, before: int) -> Any:
    """A JSON text that stands after so many lines of the file."""
    try:
        # Amounts must not pass through binary floats.
        return json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        line = before + error.lineno
        problem = Message(
            "{file}：第{line}行第{column}列不是有效的 JSON",
            file=file,
            line=line,
            column=error.colno,
        )
        raise RecordError(problem) from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of thousands of digits
        problem = Message("{file}：不是各张表的数据，层次太深或数字太长", file=file)
        raise RecordError(problem) from error


def _form(item: Any, number: int, layout: Layout, file: Path) -> GoalForm:
    if not isinstance(item, dict):
        raise RecordError(
            Message("{file}：第{number}张表应是“键: 值”的形式", file=file, number=number)
        )
    given = item.get("layout")
    if given is None:
        raise RecordError(
            Message("{file}：第{number}张表没有写明 layout（表样）", file=file, number=number)
        )
    if given != layout.id:
        raise RecordError(
            Message(
                "{file}：第{number}张表的表样是“{given}”，不是“{wanted}”",
                file=file,
                number=number,
                given=given,
                wanted=layout.id,
            )
        )
    values = {key: value for key, value in item.items() if key != SOURCE_KEY}
    try:
        return form_class(layout).model_validate(values)
    except ValidationError as error:
        problems = reduce(
            lambda before, after: Message("{before}；{after}", before=before, after=after),
            [told(problem, layout) for problem in error.errors()[:_TOLD]],
        )
        raise RecordError(
            Message(
                "{file}：{form}有误：{problems}",
                file=file,
                form=_named(item, number),
                problems=problems,
            )
        ) from error


def _named(item: dict[str, Any], number: int) -> str:
    """A form as messages call it."""
    name = item.get("project_name")
    if not isinstance(name, str) or not name.strip():
        return Message("第{number}张表", number=number)
    return Message("第{number}张表“{project}”", number=number, project=name.strip())


def is_lines(path: Path) -> bool:
    """Whether a file of that name holds one form a line."""
    return path.suffix.lower() == ".jsonl"


def dump_forms(records: Sequence[dict[str, Any]], *, lines: bool) -> str:
    """Forms as JSON text: lines of one form each, or an array."""
    if lines:
        return "".join(_compact(record) + "\n" for record in records)
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def _compact(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def with_sources(
    forms: Iterable[GoalForm], sources: Iterable[tuple[str, str] | None]
) -> list[dict[str, Any]]:
    """The records of forms, each with the file and sheet it came from where one is given."""
    records = []
    for form, source in zip(forms, sources, strict=True):
        record = form.record()
        if source:
            record[SOURCE_KEY] = {"file": source[0], "sheet": source[1]}
        records.append(record)
    return records
