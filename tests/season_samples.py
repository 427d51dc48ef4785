"""Seasons as the register makes them, out of the forms of the examples."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import xlgoals
from bootstrap import ROOT
from xlgoals.findings import Finding, Layer, Severity
from xlgoals.season.model import (
    Counts,
    FileEntry,
    FileState,
    FormEntry,
    Season,
    UnitEntry,
    UnitState,
    Waiver,
)
from xlgoals.submission import Submission

DEADLINE = datetime(2020, 9, 30, 16, 0, tzinfo=UTC)
ORDER = list(FileState)


@lru_cache
def example(name: str) -> Submission:
    """One of the workbooks of the examples, read."""
    return xlgoals.read(ROOT / "examples" / name)


def finding(file: str, severity: Severity, message: str, layer: Layer = Layer.FILE) -> Finding:
    """A finding without a cell."""
    return Finding(
        "made-up", severity, layer, file, None, None, None, None, message, None, None, "请处理。"
    )


def entry(path: str, state: FileState, unit: str | None, **more: Any) -> FileEntry:
    """A file found, in time and without findings unless said otherwise."""
    given = {"reason": "", "late": False, "forms": 0, **more}
    findings = given.pop("findings", ())
    digest = hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()
    modified = DEADLINE + timedelta(days=2 if given["late"] else -3)
    given |= {"counts": Counts(), "read_findings": tuple}
    return with_findings(FileEntry(path, digest, modified, state, unit, **given), findings)


def with_findings(
    file: FileEntry, findings: tuple[Finding, ...], waived: Collection[Finding] = ()
) -> FileEntry:
    """The file with these findings, some of which may be waived."""
    counts = Counts.of_findings((item.severity, item in waived, 1) for item in findings)
    return replace(file, counts=counts, read_findings=lambda: findings)


def form(
    path: str, code: str | None, unit: str | None, values: Mapping[str, Any], **more: Any
) -> FormEntry:
    """A form that counts, without findings unless said otherwise."""
    given = {"sheet": "项目1", "counts": Counts(), "versions": 1, **more}
    return FormEntry(
        path,
        unit_code=code,
        unit=unit,
        project=values["project_name"],
        category=values.get("project_category"),
        amounts={key: value for key, value in values.items() if isinstance(value, Decimal)},
        indicators=len(values["indicators"]),
        read_values=lambda: values,
        **given,
    )


def _of_file(name: str, path: str) -> tuple[Finding, ...]:
    return tuple(replace(item, file=path) for item in example(name).findings)


def _forms_of(name: str, path: str, code: str | None, unit: str) -> list[FormEntry]:
    findings = _of_file(name, path)

    def count(sheet: str) -> Counts:
        return Counts.of_findings((f.severity, False, 1) for f in findings if f.sheet == sheet)

    return [
        form(
            path,
            code,
            unit,
            record.values,
            sheet=record.sheet,
            counts=count(record.sheet),
            versions=2,
        )
        for record in example(name).records
    ]


def season() -> Season:
    """A season in which everything happens that may happen to a file or a unit."""
    published = example("filled-2020.xlsx").records
    projects = [record.values["project_name"] for record in published]
    good, bad = "inbox/学会服务中心 2.xlsx", "inbox/科普中心/绩效目标#1.xlsx"
    own = {**published[0].values, "project_category": "其他经常性项目"}
    park = {
        **own,
        "declaring_unit": "=SUM(1,2)",
        "project_name": "=100%",
        "overview": "<r><t>&\n=1+1</t></r>",
        "current_budget": Decimal("123456.78"),
        "indicators": [
            *own["indicators"],
            {
                "level1": "产出目标",
                "level2": "数量",
                "name": "+加号开头",
                "target": {
                    "text": "≥1,600.5人次",
                    "operator": "≥",
                    "number": Decimal("1600.5"),
                    "unit": "人次",
                },
            },
            {"level1": "产出目标", "level2": "质量", "name": None, "target": None},
        ],
    }
    blank = {**park, "project_name": "未写金额", "project_category": None, "current_budget": None}
    forms = [
        *_forms_of("filled-2020.xlsx", good, "001", "上海市科学技术协会学会服务中心"),
        *_forms_of("mistakes-2020.xlsx", bad, "002", "上海市科普中心"),
        form("inbox/园.xlsx", "003", "=SUM(1,2)", park),
        form("inbox/外.xlsx", None, "名册外的馆*", blank, counts=Counts(warnings=1)),
    ]
    files = [
        entry("inbox/园.xlsx", FileState.ACCEPTED, "=SUM(1,2)", forms=1, late=True),
        entry("inbox/外.xlsx", FileState.ACCEPTED, "名册外的馆*", forms=1),
        entry(
            good,
            FileState.ACCEPTED,
            "上海市科学技术协会学会服务中心",
            forms=3,
            findings=_of_file("filled-2020.xlsx", good),
        ),
        entry(
            "inbox/学会服务中心.xlsx",
            FileState.SUPERSEDED,
            "上海市科学技术协会学会服务中心",
            reason=f"其中的项目都有更新的文件，以“{good}”为准。",
        ),
        entry(
            "inbox/学会服务中心 - 副本.xlsx",
            FileState.DUPLICATE,
            "上海市科学技术协会学会服务中心",
            reason=f"与“{good}”内容完全相同。",
        ),
        entry(
            bad,
            FileState.ERRORS,
            "上海市科普中心",
            forms=3,
            findings=_of_file("mistakes-2020.xlsx", bad),
        ),
        entry(
            "inbox/旧表.xls",
            FileState.REJECTED,
            None,
            reason="这是旧版 Excel 的 .xls 文件，不能直接读取。",
            findings=(finding("inbox/旧表.xls", Severity.ERROR, "这是旧版 Excel 的 .xls 文件。"),),
        ),
    ]

    def paths(unit: str) -> tuple[str, ...]:
        return tuple(file.path for file in files if file.unit == unit)

    def unit(
        code: str | None, name: str, state: UnitState, expected: Any = (), missing: Any = ()
    ) -> UnitEntry:
        late = any(file.late for file in files if file.unit == name)
        contact = f"联系人{code}" if code else None
        return UnitEntry(
            code, name, contact, state, tuple(expected), tuple(missing), paths(name), late
        )

    return Season(
        layout=xlgoals.load_layout("shanghai-2020"),
        fiscal_year=2020,
        round="一上",
        deadline=DEADLINE,
        files=tuple(sorted(files, key=lambda file: file.path)),
        forms=tuple(forms),
        units=(
            unit("001", "上海市科学技术协会学会服务中心", UnitState.ACCEPTED, projects),
            unit("002", "上海市科普中心", UnitState.ERRORS, projects[:1]),
            unit(
                "003",
                "=SUM(1,2)",
                UnitState.INCOMPLETE,
                ["=100%", "没有报的项目"],
                ["没有报的项目"],
            ),
            unit("004", "上海市科技馆", UnitState.MISSING, ["天文讲堂"], ["天文讲堂"]),
            unit(None, "名册外的馆*", UnitState.UNLISTED),
        ),
        findings=(
            finding("inbox/外.xlsx", Severity.WARNING, "单位不在名册上。", Layer.BATCH),
            finding("inbox/园.xlsx", Severity.INFO, "总额与上一版不同。", Layer.BATCH),
        ),
    )


def empty() -> Season:
    """A season in which nothing came, and nobody was expected."""
    whole = season()
    return replace(whole, files=(), forms=(), units=(), findings=(), round=None, deadline=None)


def waived() -> Season:
    """The season with every other finding waived, those between files included."""
    whole = season()
    found = [*(item for file in whole.files for item in file.findings), *whole.findings]
    day = date(2020, 9, 1)
    accepted = {
        item: Waiver("=1+1", item.code, "=理由", "王", day, None, None, "waivers.csv", 2)
        for item in found[::2]
    }
    files = tuple(with_findings(file, file.findings, accepted) for file in whole.files)
    return replace(whole, files=files, waived=accepted)


def large(files: int) -> Season:
    """So many units, each with the three published projects in one workbook."""
    whole = season()
    pattern = whole.forms[:3]
    forms = [
        replace(item, file=f"inbox/{n:05d}.xlsx", unit_code=f"{n:05d}", unit=f"第{n}号单位")
        for n in range(files)
        for item in pattern
    ]
    entries = [
        entry(
            f"inbox/{n:05d}.xlsx",
            FileState.ACCEPTED,
            f"第{n}号单位",
            forms=3,
            findings=tuple(
                replace(item, file=f"inbox/{n:05d}.xlsx")
                for item in example("filled-2020.xlsx").findings
            ),
        )
        for n in range(files)
    ]
    units = [
        UnitEntry(
            f"{n:05d}", f"第{n}号单位", None, UnitState.ACCEPTED, (), (), (f"inbox/{n:05d}.xlsx",),
            False,
        )
        for n in range(files)
    ]  # fmt: skip
    return replace(whole, files=tuple(entries), forms=tuple(forms), units=tuple(units), findings=())
