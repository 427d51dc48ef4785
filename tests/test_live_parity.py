"""The live checks of a workbook and the importer say the same of whatever is typed into it."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import xlgoals
from conftest import Convert, Recalculate
from ooxml_books import BOOKS, LAYOUT, TINY, TINY_YEAR, YEAR
from parity import (
    AMOUNTS,
    DATES,
    NAMES,
    TARGETS,
    TEXTS,
    Base,
    Contents,
    Filler,
    disagreements,
    live_side,
    spellings,
    told,
)
from xlgoals import codes
from xlgoals.cells import Cell
from xlgoals.cli import main as command_line
from xlgoals.findings import Code, Layer, Severity
from xlgoals.models import form_class
from xlgoals.reader import read_workbook

SEED = int(os.environ.get("XLGOALS_PARITY_SEED", "2020"))
WORKBOOKS = int(os.environ.get("XLGOALS_PARITY_WORKBOOKS", "300"))
BY_GNUMERIC = 20
