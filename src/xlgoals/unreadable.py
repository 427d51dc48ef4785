"""Why a file cannot be read, in the words of the finding that says so."""

from __future__ import annotations

from xlgoals.findings import Code, Issue, Layer, Severity
from xlgoals.language import Message, noted


def _unreadable(reason: str, message: str, hint: str) -> Code:
    return Code(reason, Severity.ERROR, Layer.FILE, message, hint)


_RESAVE = "请用 Excel 或 WPS 打开后另存为 .xlsx 格式，再报送。"
_TEMPLATE = "请报送在下发的模板中填写的 .xlsx 文件。"

# One code for each reason the reader gives, under the reader's own name for it.
UNREADABLE: dict[str, Code] = {
    code.id: code
    for code in (
        _unreadable("missing-file", "找不到这个文件。", "请核对文件名和所在文件夹。"),
        _unreadable("is-folder", "这是一个文件夹，不是文件。", "请指定文件夹里的 .xlsx 文件。"),
        _unreadable(
            "no-permission",
            "没有权限读取这个文件。",
            "请关闭正在使用它的程序，或请管理员开放读取权限。",
        ),
        _unreadable("empty-file", "这是一个空文件，没有任何内容。", "请重新发送填好的文件。"),
        _unreadable(
            "lock-file",
            "这是表格软件打开文件时留下的临时文件，不是填报的表。",
            "请关闭表格软件，报送不以“~$”开头的那个文件。",
        ),
        _unreadable(
            "encrypted", "文件设有打开密码，无法读取。", "请取消打开密码，另存为 .xlsx 后再报送。"
        ),
        _unreadable("old-excel", "这是 1995 年以前的 Excel 文件，不能直接读取。", _RESAVE),
        _unreadable(
            "old-wps", "这是 WPS 表格的 .et 文件，不能直接读取。", "请用 WPS 另存为 .xlsx。"
        ),
        _unreadable("word", "这是 Word 文档，不是电子表格。", _TEMPLATE),
        _unreadable("csv-text", "这是文本文件，不是电子表格（改后缀名不能改变格式）。", _TEMPLATE),
        _unreadable("html", "这是网页格式的文件，不是电子表格（改后缀名不能改变格式）。", _RESAVE),
        _unreadable("opendocument", "这是 .fods 文件，不能直接读取。", _RESAVE),
        _unreadable("pdf", "这是 PDF 文件，不是电子表格。", _TEMPLATE),
        _unreadable("image", "这是图片，不是电子表格。", _TEMPLATE),
        _unreadable("other-zip", "这是压缩包，不是电子表格。", "请解压后报送里面的 .xlsx 文件。"),
        _unreadable("not-spreadsheet", "这不是电子表格文件。", _TEMPLATE),
        _unreadable(
            "damaged",
            "文件已损坏或不完整，没有读取任何内容。",
            "请重新发送；如仍打不开，请在原电脑上另存一份再报送。",
        ),
        _unreadable("unsafe-xml", "文件里含有电子表格不应有的指令，出于安全没有读取。", _RESAVE),
        _unreadable(
            "too-large",
            "文件{met}的上限，没有读取。",
            "请删除多余的工作表、图片和空行，或在下发的模板中重新填写；"
            "确需读取的，财政部门可用 --limit {limit}=数值 放宽。",
        ),
    )
}

# How far a file went beyond each limit of the reader, under the limit's own name.
_MEGABYTE = 1024 * 1024
_MET = {
    "packed_bytes": noted("大小超过 {allowed}"),
    "unpacked_bytes": noted("解压后超过 {allowed}"),
    "compression_ratio": noted("的压缩比超过 {allowed} 倍"),
    "entries": noted("包含的部分超过 {allowed} 个"),
    "cells": noted("的单元格（含空白的格和行）超过 {allowed} 个"),
    "string_length": noted("里一处文字超过 {allowed} 个字"),
    "tags": noted("里的标记超过 {allowed} 个"),
    "xml_depth": noted("的结构嵌套超过 {allowed} 层"),
    "merges": noted("里一张表的合并单元格超过 {allowed} 处"),
    "names": noted("的名称、属性或工作表超过 {allowed} 个"),
    "forms": noted("里的项目表超过 {allowed} 张"),
    "memory_bytes": noted("读取时占用的内存超过 {allowed}"),
    "seconds": noted("读取时间超过 {allowed} 秒"),
}


def issue_of(reason: str, limit: str, allowed: int) -> Issue:
    """What there is to say of a file for that reason; the limit it went beyond, if any."""
    return too_large(limit, allowed) if limit else Issue(UNREADABLE[reason])


def too_large(limit: str, allowed: int) -> Issue:
    """A file that went beyond a limit of the reader."""
    amount: object = f"{allowed:,}"
    if limit.endswith("_bytes"):
        amount = Message("{count} 字节", count=amount)
        if allowed % _MEGABYTE == 0:
            amount = Message("{count} MB ", count=f"{allowed // _MEGABYTE:,}")
    met = Message(_MET[limit], allowed=amount)
    return Issue(UNREADABLE["too-large"], {"met": met, "limit": limit})
