"""Workbooks in openpyxl, which takes long to open one: the same is opened quickly again."""

from __future__ import annotations

import pickle
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook


def opened(path: Path) -> Workbook:
    """The workbook at a path, for the caller to change."""
    book: Workbook = pickle.loads(_pickled(path.read_bytes()))
    return book


@lru_cache(maxsize=16)
def _pickled(data: bytes) -> bytes:
    return pickle.dumps(openpyxl.load_workbook(BytesIO(data)))
