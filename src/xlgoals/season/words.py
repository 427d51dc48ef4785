"""What finance calls the states of files, units and forms."""

from __future__ import annotations

from xlgoals.language import Message, noted
from xlgoals.season.model import FileState, FormEntry, UnitState, Waiver

FILE_WORDS = {
    FileState.ACCEPTED: noted("通过"),
    FileState.ERRORS: noted("需要修改"),
    FileState.REJECTED: noted("无法读取"),
    FileState.SUPERSEDED: noted("已被替代"),
    FileState.DUPLICATE: noted("重复文件"),
}
UNIT_WORDS = {
    UnitState.ACCEPTED: noted("已报齐"),
    UnitState.ERRORS: noted("需要修改"),
    UnitState.INCOMPLETE: noted("未报齐"),
    UnitState.MISSING: noted("未报送"),
    UnitState.UNLISTED: noted("名册外"),
}
RETURNED = noted("已报送")  # of a unit, where there is no roster to be off
PASSED, DOUBTFUL, TO_MEND = noted("通过"), noted("通过，有提醒"), noted("需要修改")
BY_FILE_NAME = noted("按文件名归到“{unit}”。")
LATE = noted("逾期")
WAIVED = noted("已豁免")
NO_UNIT = noted("（未填写单位）")
NO_CATEGORY = noted("（未填写类别）")


def form_word(form: FormEntry) -> str:
    """Where a project stands."""
    if form.counts.errors:
        return TO_MEND
    return DOUBTFUL if form.counts.warnings else PASSED


def waiver_words(waiver: Waiver) -> str:
    """Why a finding is waived, by whom and when."""
    return Message(
        "{reason}（{who}，{when}）", reason=waiver.reason, who=waiver.who, when=waiver.when
    )
