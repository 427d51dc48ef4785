"""What is wrong with a form's data, in plain words: where, and what should stand there."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from xlgoals.language import Message
from xlgoals.layouts import Layout
from xlgoals.models import Indicator, Target, form_class
from xlgoals.text import visible

_SHOWN = 40  # characters of a value that is told

# What should stand there, by how the name of the error begins.
_EXPECTED: Mapping[str, Message] = {
    "string_too_long": Message("文字太长"),
    "string": Message("应是加引号的文字"),
    "decimal": Message('应是数字，如 "650000.00"'),
    "finite": Message('应是数字，如 "650000.00"'),
    "date": Message("应是日期，如 2020-01-31"),
    "bool": Message("应是 true 或 false"),
    "int": Message("应是整数"),
    "tuple": Message("应是由各行指标组成的列表"),
    "model": Message("应是“键: 值”的形式"),
    "dict": Message("应是“键: 值”的形式"),
}


def told(error: ErrorDetails, layout: Layout) -> str:
    """One complaint of the models, with its place and the words that people know."""
    where = _place(error["loc"], layout)
    return Message("{where}：{problem}", where=where, problem=_problem(error, layout))


def _place(path: Sequence[int | str], layout: Layout) -> str:
    """The key that the data has, beside the row's number or what the form calls the field."""
    if not path:
        return Message("整张表")
    if path[0] == "indicators" and len(path) > 1:
        details = {"number": int(path[1]) + 1, "key": ".".join(map(str, path[2:]))}
        if not details["key"]:
            return Message("第{number}行指标", **details)
        return Message("第{number}行指标的 {key}", **details)
    key = ".".join(map(str, path))
    field = layout.fields.get(key)
    return Message("{title}（{key}）", title=field.title, key=key) if field else key


def _problem(error: ErrorDetails, layout: Layout) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown(error["loc"], layout)
    if kind == "missing":
        return Message("没有给出")
    said = error.get("ctx", {}).get("error")
    if isinstance(said, ValueError) and isinstance(said.args[0], Message):
        return said.args[0]  # what a validator of ours raised
    expected = next((text for name, text in _EXPECTED.items() if kind.startswith(name)), None)
    given = _short(error["input"])
    if expected is None:
        return Message("这里不能是“{given}”", given=given)
    return Message("{expected}，而不是“{given}”", expected=expected, given=given)


def _unknown(path: Sequence[int | str], layout: Layout) -> str:
    """A key that is none, with the one it is most like."""
    model: Any = form_class(layout)
    if len(path) > 1:
        model = Target if path[-2] == "target" else Indicator
    near = difflib.get_close_matches(str(path[-1]), list(model.model_fields), n=1)
    if near:
        return Message("没有这一项，是否想写“{near}”？", near=near[0])
    return Message("没有这一项，请删去")


def _short(value: Any) -> str:
    text = visible(str(value)).replace("\n", " ")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
