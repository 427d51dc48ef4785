"""The file of a campaign: TOML, every complaint with its line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from string import Formatter
from typing import Any

from xlgoals.campaign.carry import Carry, CarryError
from xlgoals.campaign.model import DEFAULT_PATTERN, Campaign, CampaignError
from xlgoals.language import Message, enumerated
from xlgoals.layouts import Layout, LayoutError, UnknownLayoutError, load_layout
from xlgoals.season.days import read_deadline
from xlgoals.season.units import closest

# What the file may say, in the order in which people look for it.
KEYS: Mapping[str, Message] = {
    "layout": Message("表样"),
    "fiscal_year": Message("年度"),
    "round": Message("轮次，如一上、二上"),
    "roster": Message("名册"),
    "previous": Message("上年的登记库，或上年报送文件的文件夹"),
    "previous_layout": Message("上年用的自己的表样文件，本年表样所继承的不用写"),
    "previous_year": Message("上年是哪一年，缺省为此前最近的一年"),
    "previous_round": Message("用上年哪一轮的表，只有一轮时不用写"),
    "carry": Message("除名称外还沿用什么"),
    "outbox": Message("生成的模板放在哪个文件夹"),
    "pattern": Message("模板的文件名"),
    "inbox": Message("报送的文件放在哪个文件夹"),
    "register": Message("本年的登记库"),
    "deadline": Message("报送截止日期"),
    "contact": Message("联系人，印在填报说明里"),
    "password_env": Message("存放锁定密码的环境变量"),
    "closed": Message("不再申报的单位"),
}
REQUIRED = ("layout", "fiscal_year", "roster", "outbox")
YEARS = range(2000, 2100)
PLACEHOLDERS = ("unit", "code", "year", "round")
# Lists of words, as they are to be written.
_EXAMPLES = {"carry": '["文字", "指标"]', "closed": '["某某馆", "某某中心"]'}
LONGEST_CONTACT = 200  # characters: a line of the guide
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\Z")


def read_campaign(path: str | PathLike[str]) -> Campaign:
    """Read the file of a campaign; paths in it are relative to it.

    Raises CampaignError, which names line and key, and OSError where it cannot be read.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CampaignError(
            Message("{file}：文件不是 UTF-8 编码；请用记事本打开，另存为 UTF-8", file=file)
        ) from error
    return _Reader(file, text).campaign()


def line_of(text: str, key: str) -> int | None:
    """The line on which a key of the file stands."""
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*[=\].]", text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else None


class _Reader:
    def __init__(self, file: Path, text: str) -> None:
        self._file, self._text = file, text
        try:
            self._said = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise self._broken(error) from error

    def _broken(self, error: tomllib.TOMLDecodeError) -> CampaignError:
        at = _AT.search(str(error))
        where = Message("末尾")
        if at and at[1]:
            where = Message("第{line}行第{column}列", line=at[1], column=at[2])
        told = Message(
            "{file}：{where}不是有效的 TOML；"
            "文字要加英文引号，路径请用“/”而不用“\\”，同一个键只能写一次",
            file=self._file,
            where=where,
        )
        return CampaignError(told)

    def _error(self, key: str, problem: object) -> CampaignError:
        line = line_of(self._text, key)
        details = {"file": self._file, "key": key, "problem": problem}
        if line:
            told = Message("{file}：第{line}行，{key}：{problem}", line=line, **details)
        else:
            told = Message("{file}：{key}：{problem}", **details)
        return CampaignError(told)

    def campaign(self) -> Campaign:
        """All of it, checked."""
        self._refuse_unknown()
        layout = self._layout("layout")
        assert layout is not None  # noqa: S101 - a key that must be there
        return Campaign(
            file=self._file,
            layout=layout,
            fiscal_year=self._year("fiscal_year") or 0,
            roster=self._path("roster") or Path(),
            outbox=self._path("outbox") or Path(),
            inbox=self._path("inbox"),
            previous=self._place("previous"),
            previous_layout=self._layout("previous_layout"),
            previous_year=self._year("previous_year"),
            previous_round=self._word("previous_round"),
            register=self._place("register"),
            round=self._word("round"),
            deadline=self._deadline(),
            contact=self._contact(),
            pattern=self._pattern(),
            password_env=self._word("password_env"),
            carry=self._carry(layout),
            closed=tuple(self._words("closed")),
        )

    def _refuse_unknown(self) -> None:
        for key in self._said:
            if key not in KEYS:
                like = closest(key, list(KEYS))
                if like:
                    raise self._error(key, Message("没有这个键；是不是“{like}”", like=like))
                usable = enumerated(KEYS)
                raise self._error(key, Message("没有这个键；可用：{keys}", keys=usable))
        if missing := [key for key in REQUIRED if key not in self._said]:
            names = enumerated(
                Message("{key}（{meaning}）", key=key, meaning=KEYS[key]) for key in missing
            )
            raise CampaignError(Message("{file}：缺少 {names}", file=self._file, names=names))

    # --- values -----------------------------------------------------------------------------------
    def _word(self, key: str) -> str | None:
        value = self._said.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, Message("应是加英文引号的文字，不能空着"))
        return value.strip()

    def _words(self, key: str) -> list[str]:
        value = self._said.get(key, [])
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise self._error(key, Message("应是一组文字，如 {example}", example=_EXAMPLES[key]))
        return [word.strip() for word in words]

    def _contact(self) -> str | None:
        word = self._word("contact")
        if word and len(word) > LONGEST_CONTACT:
            told = Message("太长，请写在 {most} 字以内", most=LONGEST_CONTACT)
            raise self._error("contact", told)
        return word

    def _year(self, key: str) -> int | None:
        value = self._said.get(key)
        if value is None:
            return None
        if type(value) is not int or value not in YEARS:
            told = Message(
                "应是 {first} 至 {last} 的年份，不加引号", first=YEARS[0], last=YEARS[-1]
            )
            raise self._error(key, told)
        return value

    def _path(self, key: str) -> Path | None:
        word = self._word(key)
        return self._file.parent / word if word else None

    def _place(self, key: str) -> str | None:
        """A path, or the URL of a database."""
        word = self._word(key)
        return word if word is None or "://" in word else str(self._file.parent / word)

    def _layout(self, key: str) -> Layout | None:
        name = self._word(key)
        if name is None:
            return None
        if name.endswith((".yaml", ".yml")):
            name = str(self._file.parent / name)
        try:
            return load_layout(name)
        except (UnknownLayoutError, LayoutError, OSError) as error:
            raise self._error(key, error) from error

    def _deadline(self) -> datetime | None:
        value: Any = self._said.get("deadline")
        if value is None:
            return None
        said = value.isoformat() if isinstance(value, date) else value
        deadline = read_deadline(said) if isinstance(said, str) else None
        if deadline is None:
            told = Message("应是日期，如 2026-09-03，也可以带时间，如 2026-09-03 17:00")
            raise self._error("deadline", told)
        return deadline

    def _pattern(self) -> str:
        pattern = self._word("pattern") or DEFAULT_PATTERN
        try:
            parts = list(Formatter().parse(pattern))
        except ValueError:
            parts = [("", "{", "", None)]
        names = [name for _, name, _, _ in parts if name is not None]
        if set(names) - set(PLACEHOLDERS) or any(spec or how for _, _, spec, how in parts):
            usable = enumerated(f"{{{name}}}" for name in PLACEHOLDERS)
            raise self._error("pattern", Message("大括号里只能是 {usable}", usable=usable))
        if not {"unit", "code"} & set(names):
            told = Message(
                "要含有 {unit} 或 {code}，否则各单位的文件同名", unit="{unit}", code="{code}"
            )
            raise self._error("pattern", told)
        if not pattern.endswith(".xlsx"):
            raise self._error("pattern", Message("应以 .xlsx 结尾"))
        return pattern

    def _carry(self, layout: Layout) -> Carry:
        try:
            return Carry.of(self._words("carry"), layout)
        except CarryError as error:
            raise self._error("carry", error) from error
