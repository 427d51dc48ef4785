"""Filled workbooks in any number: one example with other words in it, part by part."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from bootstrap import ROOT

FILLED = ROOT / "examples" / "filled-2020.xlsx"
UNIT = "上海市科学技术协会学会服务中心"
PROJECTS = ("科技工作者系列服务", "科技社团党建工作", "学会、学术、学风建设工作")

_CORE = "docProps/core.xml"
_SAVED = "2020-01-01T00:00:00Z"  # what the example says


def varied(
    words: Mapping[str, str], saved: "str | None" = None, source: "Path | None" = None
) -> bytes:
    """The filled example with words replaced wherever they stand, saved at a time.

    ``words`` are whole cells or runs within them, such as UNIT and PROJECTS.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(source or FILLED) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith(".xml"):
                for word, other in words.items():
                    data = data.replace(escape(word).encode(), escape(other).encode())
                if saved and item.filename == _CORE:
                    data = data.replace(_SAVED.encode(), saved.encode())
            new.writestr(item, data, zipfile.ZIP_DEFLATED, compresslevel=1)
    return out.getvalue()
