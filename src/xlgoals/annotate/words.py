"""What the returned workbook says, beside the words of the findings themselves."""

from __future__ import annotations

AUTHOR = "xlgoals"  # of our notes
# A note of ours, or our part of the sender's own note, stands between these two lines.
NOTE_START = "———— 检查意见（xlgoals）————"
NOTE_END = "————————————————"

LIST_TITLE = "问题清单：{form}"
LIST_GUIDE = (
    "有问题的单元格已用底色和批注标出：红色须改正，黄色请核对。改好后直接报送本文件即可；"
    "底色、批注和本清单不会自动消失，也不必删除。"
)
LIST_COUNTS = "共{errors}处错误，{warnings}处提醒，{infos}处说明。"
LIST_CUT = "只列出前{listed}处。"
HEADINGS = ("序号", "级别", "工作表", "单元格", "填写项", "问题", "怎么改", "转到")
LINK = "转到"
