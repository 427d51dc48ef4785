"""What ``xlgoals consolidate`` refuses before it reads, and what it says where it cannot write."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from disturbed import start_disturbed
from few_and_many import mostly_slow
from returned import put
from xlgoals.cli.main import INTERRUPTED, cli
from xlgoals.reports.tables import WRITERS
from xlgoals.season.days import read_deadline


@pytest.fixture
def season(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an inbox and a roster, in which one works."""
    put(tmp_path, "inbox/a.xlsx", saved="2020-09-03T08:00:00Z")
    (tmp_path / "roster.csv").write_text("单位代码,单位名称,联系人,项目名称\n1,甲单位,,\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def consolidate(*arguments: str) -> Result:
    asked = ["consolidate", *arguments, "--roster", "roster.csv", "-q"]
    return CliRunner().invoke(cli, asked if "-o" in arguments else [*asked, "-o", "summary.xlsx"])


def refused(result: Result, told: str) -> bool:
    return result.exit_code == 2 and told in result.output


# --- nothing is written over ----------------------------------------------------------------------
def test_a_returned_workbook_is_not_written_over(season: Path) -> None:
    path = season / "inbox" / "a.xlsx"
    before = path.read_bytes()
    assert refused(consolidate("inbox", "-o", str(path)), "它是填报的表，不是汇总表")
    assert path.read_bytes() == before


def test_a_summary_is_written_over(season: Path) -> None:
    for _ in range(2):
        assert consolidate("inbox", "-o", "inbox/summary.xlsx").exit_code == 0


def test_a_roster_is_not_written_over(season: Path) -> None:
    (season / "roster.csv").rename(season / "名册.xlsx")
    result = CliRunner().invoke(
        cli, ["consolidate", "inbox", "--roster", "名册.xlsx", "-o", "./名册.xlsx"]
    )
    assert refused(result, "它是这条命令要用的另一个文件")


def test_no_command_writes_over_what_it_reads(season: Path) -> None:
    assert consolidate("inbox", "--register", "r.db").exit_code == 0
    before = {path: path.read_bytes() for path in (season / "r.db", season / "inbox" / "a.xlsx")}
    for asked in (
        ["export", "--register", "r.db", "-o", "./r.db"],
        ["export", "--register", "sqlite:///r.db", "-o", "r.db"],
        ["status", "--register", "r.db", "-o", "r.db"],
        ["diff", "inbox/a.xlsx", "inbox/a.xlsx", "-o", "inbox/a.xlsx"],
    ):
        assert refused(CliRunner().invoke(cli, asked), "它是这条命令要用的另一个文件")
    assert before == {path: path.read_bytes() for path in before}


def test_a_summary_is_an_xlsx_file(season: Path) -> None:
    assert refused(consolidate("inbox", "-o", "summary.txt"), "文件名要以 .xlsx 结尾")


@pytest.mark.parametrize("folder", ["inbox", "."])
def test_marked_copies_do_not_go_among_returned_files(season: Path, folder: str) -> None:
    told = "收到的文件就在这个文件夹里，带标注的副本请写到别处"
    assert refused(consolidate("inbox", "--annotate", folder), told)


def test_marked_copies_need_a_folder(season: Path) -> None:
    assert refused(consolidate("inbox", "--annotate", "roster.csv"), "不是文件夹")
    assert not (season / "summary.xlsx").exists()


# --- what is wrong is told in words ---------------------------------------------------------------
@pytest.mark.parametrize("name", ["", ":memory:", "sqlite://"])
def test_a_register_has_a_file(season: Path, name: str) -> None:
    assert refused(consolidate("inbox", "--register", name), "没有写明登记库的文件名")


def test_a_register_that_cannot_be_opened(season: Path) -> None:
    assert refused(consolidate("inbox", "--register", "inbox"), "登记库 inbox 无法使用：打不开")
    assert refused(consolidate("inbox", "--register", "none/r.db"), "所在的文件夹不存在")


def test_a_register_that_is_none(season: Path) -> None:
    (season / "r.db").write_text("一份别的文件。" * 200, "utf-8")
    assert refused(consolidate("inbox", "--register", "r.db"), "这个文件不是登记库")


def test_a_register_that_is_damaged(season: Path) -> None:
    assert consolidate("inbox", "--register", "r.db").exit_code == 0
    with (season / "r.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    assert refused(consolidate("inbox", "--register", "r.db"), "文件已损坏，请换成备份")


def test_a_server_that_is_down(season: Path) -> None:
    pytest.importorskip("psycopg")
    result = consolidate("inbox", "--register", "postgresql://u:geheim@localhost:1/x")
    assert refused(result, "连接不上数据库服务器")
    assert "geheim" not in result.output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_leaves_no_trace_but_the_reason(season: Path) -> None:
    assert consolidate("inbox", "--register", "r.db").exit_code == 0
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "xlgoals", "export", "--register", "r.db"],
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "磁盘空间不够" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("format_", mostly_slow(sorted(WRITERS, reverse=True)))
def test_a_table_that_has_no_room_is_no_fault(season: Path, format_: str) -> None:
    """As the program is told of it where the disk is full when all is written."""
    if format_ == "parquet":
        pytest.importorskip("pyarrow")
    assert consolidate("inbox", "--register", "r.db").exit_code == 0
    script = (
        "from xlgoals.register import open_register\n"
        "from xlgoals.reports.tables import WRITERS\n"
        "from xlgoals.season.export import What, export\n"
        "try:\n"
        "    with open('/dev/full', 'wb') as file:\n"
        f"        WRITERS[{format_!r}](export(open_register('r.db'), What.FORMS), file)\n"
        "except OSError as error:\n"
        "    print(error.errno)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.stdout, done.stderr) == (f"{errno.ENOSPC}\n", "")


def test_nothing_at_all_is_told_as_such(season: Path) -> None:
    (season / "empty").mkdir()
    result = consolidate("empty", "--as", "shanghai-2020", "--year", "2020")
    assert (result.exit_code, result.output) == (0, "没有文件。汇总表：summary.xlsx\n")


# --- deadlines ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-09-03 17:00+08:00", "2020-09-03T17:00:00+08:00"),
        ("2020/9/3 17:00+08:00", "2020-09-03T17:00:00+08:00"),
        ("2020年9月3日T09:00Z", "2020-09-03T09:00:00+00:00"),
    ],
)
def test_a_deadline_in_a_named_zone(text: str, iso: str) -> None:
    assert read_deadline(text) == datetime.fromisoformat(iso)


def test_a_deadline_without_a_zone_is_of_this_machine() -> None:
    whole, moment = read_deadline("2020-09-03"), read_deadline(" 2020.9.3 17：30 ")
    assert whole is not None
    assert moment is not None
    assert whole.strftime("%Y-%m-%d %H:%M:%S") == "2020-09-03 23:59:59"
    assert moment.strftime("%Y-%m-%d %H:%M:%S") == "2020-09-03 17:30:00"
    assert whole.utcoffset() == datetime(2020, 9, 3).astimezone().utcoffset()


def test_late_by_a_minute(season: Path) -> None:
    for deadline, late in (("2020-09-03 16:00+08:00", 0), ("2020-09-03 15:59+08:00", 1)):
        result = consolidate("inbox", "--deadline", deadline, "--register", "r.db")
        assert result.exit_code == 0
        import openpyxl

        sheet = openpyxl.load_workbook("summary.xlsx")["文件清单"]
        assert sum(cell.value == "逾期" for row in sheet.iter_rows() for cell in row) == late


@pytest.mark.parametrize("text", ["9月3日", "2020-02-30", "2020-09-03 25:00", ""])
def test_a_deadline_that_is_none(season: Path, text: str) -> None:
    assert refused(consolidate("inbox", "--deadline", text), "应写成 2020-09-03")


# --- an interrupt ---------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there a signal is sent otherwise")
@pytest.mark.parametrize(
    ("step", "copies"), [("cli.consolidate._write", 0), ("annotate.copy.annotated_copy", 1)]
)
def test_an_interrupt_while_copies_are_marked(
    season: Path, examples_dir: Path, step: str, copies: int
) -> None:
    for number in range(3):
        mistakes = (examples_dir / "mistakes-2020.xlsx").read_bytes()
        (season / "inbox" / f"m{number}.xlsx").write_bytes(mistakes + b"\0" * number)
    asked = ("consolidate", "inbox", "--register", "r.db", "--annotate", "back", "-o", "s.xlsx")
    process = start_disturbed(f"xlgoals.{step}", (*asked, "-q"), count=max(1, 2 * copies))
    _, told = process.communicate(timeout=300)
    assert process.returncode == INTERRUPTED
    assert "再次运行同一命令即可接着读取" in told
    assert "Traceback" not in told
    assert (season / "s.xlsx").exists()
    assert len(list(season.glob("back/**/*.xlsx"))) == copies
