"""What finance calls the states of files, units and forms."""

from __future__ import annotations

from xlgoals.season.model import FileState, FormEntry, UnitState, Waiver

FILE_WORDS = {
    FileState.ACCEPTED: "通过",
    FileState.ERRORS: "需要修改",
    FileState.REJECTED: "无法读取",
    FileState.SUPERSEDED: "已被替代",
    FileState.DUPLICATE: "重复文件",
}
UNIT_WORDS = {
    UnitState.ACCEPTED: "已报齐",
    UnitState.ERRORS: "需要修改",
    UnitState.INCOMPLETE: "未报齐",
    UnitState.MISSING: "未报送",
    UnitState.UNLISTED: "名册外",
}
RETURNED = "已报送"  # of a unit, where there is no roster to be off
PASSED, DOUBTFUL, TO_MEND = "通过", "通过，有提醒", "需要修改"
LATE = "逾期"
WAIVED = "已豁免"
NO_UNIT = "（未填写单位）"
NO_CATEGORY = "（未填写类别）"


def form_word(form: FormEntry) -> str:
    """Where a project stands."""
    if form.counts.errors:
        return TO_MEND
    return DOUBTFUL if form.counts.warnings else PASSED


def waiver_words(waiver: Waiver) -> str:
    """Why a finding is waived, by whom and when."""
    return f"{waiver.reason}（{waiver.who}，{waiver.when}）"
