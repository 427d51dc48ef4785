"""The finding codes that every layout shares; a layout's own rules bring theirs.

Words are for the filler: what is wrong, then what to do. No internal terms.
"""

from __future__ import annotations

from xlgoals.findings import Code, Layer, Severity
from xlgoals.unreadable import UNREADABLE

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

# --- one cell -----------------------------------------------------------------------------------
REQUIRED = Code(
    "required", ERROR, Layer.CELL,
    "“{label}”没有填写。",
    "请在{cell}填写“{label}”。",
)  # fmt: skip
ERROR_VALUE = Code(
    "error-value", ERROR, Layer.CELL,
    "“{label}”里是电子表格的错误值{value}，无法读取。",
    "请清除该单元格，重新填写。",
)  # fmt: skip
FORMULA = Code(
    "formula", ERROR, Layer.CELL,
    "“{label}”里是公式{value}，不是填写的内容。",
    "请清除公式，直接填写内容。",
)  # fmt: skip
FORMULA_RESULT = Code(
    "formula-result", WARNING, Layer.CELL,
    "“{label}”里是公式，已按保存在文件里的计算结果{value}读取。",
    "请核对结果，并改为直接填写数值或日期。",
)  # fmt: skip
TEXT_TOO_LONG = Code(
    "text-too-long", ERROR, Layer.CELL,
    "“{label}”有{length}个字，超过了{limit}个字的上限。",
    "请压缩到{limit}个字以内。",
)  # fmt: skip
TEXT_CLEANED = Code(
    "text-cleaned", INFO, Layer.CELL,
    "“{label}”首尾的空白或看不见的控制字符已去掉，文字没有改动。",
    "不需要处理。",
)  # fmt: skip
NUMBER_AS_TEXT = Code(
    "number-as-text", INFO, Layer.CELL,
    "“{label}”填的是数值，已按文字{value}读取。",
    "不需要处理；如有误请改正。",
)  # fmt: skip
PLACEHOLDER = Code(
    "placeholder", WARNING, Layer.CELL,
    "“{label}”只填了{value}，没有实际内容。",
    "请填写具体内容。",
)  # fmt: skip
DATE_INVALID = Code(
    "date-invalid", ERROR, Layer.CELL,
    "“{label}”的{value}不是有效的日期。",
    "请填写日历上存在的日期，样式如 {example}。",
)  # fmt: skip
DATE_WITH_TIME = Code(
    "date-with-time", ERROR, Layer.CELL,
    "“{label}”的{value}带有钟点，只应填写日期。",
    "请只填写日期，样式如 {example}。",
)  # fmt: skip
DATE_OUT_OF_RANGE = Code(
    "date-out-of-range", ERROR, Layer.CELL,
    "“{label}”的{value}不在{first}至{last}之间。",
    "请核对年份。",
)  # fmt: skip
DATE_NORMALISED = Code(
    "date-normalised", INFO, Layer.CELL,
    "“{label}”的{value}已按 {read} 读取。",
    "如有误请改正；建议按“{example}”的样式填写。",
)  # fmt: skip
AMOUNT_INVALID = Code(
    "amount-invalid", ERROR, Layer.CELL,
    "“{label}”的{value}不是金额。",
    "请只填写数字，单位为{unit}，不要加文字。",
)  # fmt: skip
AMOUNT_NEGATIVE = Code(
    "amount-negative", ERROR, Layer.CELL,
    "“{label}”的{value}是负数。",
    "金额不能小于零，请改正。",
)  # fmt: skip
AMOUNT_DECIMALS = Code(
    "amount-decimals", ERROR, Layer.CELL,
    "“{label}”的{value}精确到了分以下。",
    "请四舍五入到分，以{unit}为单位最多保留{decimals}位小数。",
)  # fmt: skip
AMOUNT_TOO_LARGE = Code(
    "amount-too-large", ERROR, Layer.CELL,
    "“{label}”的{value}超出了可填写的范围。",
    "请核对金额和单位（{unit}）。",
)  # fmt: skip
AMOUNT_NORMALISED = Code(
    "amount-normalised", INFO, Layer.CELL,
    "“{label}”的{value}已按 {read} 元读取。",
    "如有误请改正；建议只填数字，单位为{unit}。",
)  # fmt: skip
NUMBER_INVALID = Code(
    "number-invalid", ERROR, Layer.CELL,
    "“{label}”的{value}不是可以填写的数字。",
    "请填写{expected}。",
)  # fmt: skip
NUMBER_NORMALISED = Code(
    "number-normalised", INFO, Layer.CELL,
    "“{label}”的{value}已读作 {read}。",
    "如有误请改正；建议只填数字。",
)  # fmt: skip
AMOUNT_SMALL = Code(
    "amount-small", WARNING, Layer.CELL,
    "“{label}”只有 {read} {unit}，可能填错了单位。",
    "本表金额以{unit}为单位，请核对是否误按其他单位填写。",
)  # fmt: skip
AMOUNT_LARGE = Code(
    "amount-large", WARNING, Layer.CELL,
    "“{label}”达到 {read} {unit}，可能填错了单位。",
    "本表金额以{unit}为单位，请核对是否误按其他单位填写。",
)  # fmt: skip
CHOICE_UNKNOWN = Code(
    "choice-unknown", ERROR, Layer.CELL,
    "“{label}”的{value}不在可选范围内。",
    "请从下拉列表中选择：{options}。",
)  # fmt: skip
CHOICE_UNLISTED = Code(
    "choice-unlisted", WARNING, Layer.CELL,
    "“{label}”的{value}不在已知的选项中，已照原样读取。",
    "已知选项：{options}。如确有此项，不必修改。",
)  # fmt: skip
CHOICE_NORMALISED = Code(
    "choice-normalised", INFO, Layer.CELL,
    "“{label}”已按选项“{read}”读取，填写时的空格、全角或旧名称已换成规范写法。",
    "不需要处理；如有误请改正。",
)  # fmt: skip
TARGET_NORMALISED = Code(
    "target-normalised", INFO, Layer.CELL,
    "“{label}”的{value}已按“{read}”理解，文字没有改动。",
    "不需要处理；如有误请改正。",
)  # fmt: skip

# --- the indicator table ------------------------------------------------------------------------
INDICATOR_INCOMPLETE = Code(
    "indicator-incomplete", ERROR, Layer.RULE,
    "这一行指标只填了一部分，缺少“{missing}”。",
    "请补填{cell}，或清空整行。",
)  # fmt: skip
GROUP_EMPTY = Code(
    "group-empty", ERROR, Layer.RULE,
    "“{group}”下没有填写任何指标。",
    "请从{cell}起填写，至少{at_least}行。",
)  # fmt: skip

# --- labels, names, sheets, locks ---------------------------------------------------------------
LOCKED_TEXT_CHANGED = Code(
    "locked-text-changed", WARNING, Layer.STRUCTURE,
    "表样文字被改动：应为“{expected}”，现为{value}。",
    "请恢复原文字，或在原模板上重新填写。",
)  # fmt: skip
INPUT_MOVED = Code(
    "input-moved", WARNING, Layer.STRUCTURE,
    "“{label}”等{count}项不在模板原来的位置（应在{planned}，现在{cell}），已在现在的位置读取。",
    "请不要插入、删除或移动行列；最好在原模板上重新填写。",
)  # fmt: skip
INPUT_LOST = Code(
    "input-lost", ERROR, Layer.STRUCTURE,
    "找不到“{label}”的填写位置，没有读取。",
    "请在原模板上重新填写这张表。",
)  # fmt: skip
UNIT_DIFFERS = Code(
    "unit-differs", WARNING, Layer.STRUCTURE,
    "这张表的“{label}”是{value}，与第一张表的“{unit}”不同，已按第一张表读取。",
    "一个文件只能填报一个单位，请核对；别的单位请另用一个文件。",
)  # fmt: skip
LABEL_REPEATED = Code(
    "label-repeated", WARNING, Layer.STRUCTURE,
    "“{label}”在表上出现不止一次，读取了{cell}，没有读取{others}。",
    "请只保留一处，其余的请删除。",
)  # fmt: skip
SECOND_FORM = Code(
    "second-form", ERROR, Layer.STRUCTURE,
    "从{cell}起还有一份表，一张工作表只能填一份，后面的没有读取。",
    "请把它填到另一张工作表里。",
)  # fmt: skip
SHEET_HIDDEN = Code(
    "sheet-hidden", WARNING, Layer.STRUCTURE,
    "工作表“{sheet}”被隐藏，其中填写的内容已照常读取。",
    "请取消隐藏并核对；如果不需要，请清空这张表。",
)  # fmt: skip
SHEET_OF_OTHER_YEAR = Code(
    "sheet-of-other-year", ERROR, Layer.STRUCTURE,
    "工作表“{sheet}”是{year}年度的表，应为{wanted}年度。",
    "请在{wanted}年度的模板中填写。",
)  # fmt: skip
SHEET_OF_OTHER_LAYOUT = Code(
    "sheet-of-other-layout", ERROR, Layer.STRUCTURE,
    "工作表“{sheet}”用的表样是“{layout}”，与文件的表样“{wanted}”不同，没有读取。",
    "请在“{wanted}”的模板中填写；确需填报“{layout}”的，请另用一个文件。",
)  # fmt: skip
SHEET_NOT_READ = Code(
    "sheet-not-read", ERROR, Layer.STRUCTURE,
    "工作表“{sheet}”的表样已不完整，认不出其中的项目，没有读取。",
    "请把这张表的内容填写到下发的模板中重新报送。",
)  # fmt: skip
PROJECT_REPEATED = Code(
    "project-repeated", WARNING, Layer.STRUCTURE,
    "与工作表“{other}”的项目名称相同。",
    "同一个项目只填一张表；如果是两个项目，请把名称写得能够区分。",
)  # fmt: skip
UNEXPECTED_CELL = Code(
    "unexpected-cell", WARNING, Layer.STRUCTURE,
    "此处填有{value}，但表样在此没有填写项，没有读取。",
    "请把内容移到对应的填写项里，或删除。",
)  # fmt: skip
UNEXPECTED_MORE = Code(
    "unexpected-more", WARNING, Layer.STRUCTURE,
    "从{cell}起，表样以外还有{count}个单元格填有内容，没有逐一列出，也没有读取。",
    "请删除表样以外的内容，或在原模板上重新填写这张表。",
)  # fmt: skip
TEMPLATE_DIFFERS = Code(
    "template-differs", WARNING, Layer.STRUCTURE,
    "这个文件的模板与现行的“{layout}”表样不完全相同，已按标签逐项读取。",
    "请核对读取结果；如有新模板，请改用新模板。",
)  # fmt: skip

VERDICT_TOO_GOOD = Code(
    "verdict-too-good", WARNING, Layer.STRUCTURE,
    "文件里“自检”的结论{told}，但检查结果是“{now}”。",
    "请以检查结果为准；文件可能没有重新计算过，请用 Excel 或 WPS 打开并保存一次。",
)  # fmt: skip
VERDICT_OUTDATED = Code(
    "verdict-outdated", INFO, Layer.STRUCTURE,
    "文件里“自检”的结论{told}，检查结果是“{now}”；文件可能没有重新计算过。",
    "不需要处理，以检查结果为准。",
)  # fmt: skip

# --- the file -----------------------------------------------------------------------------------
NO_PROJECT = Code(
    "no-project", ERROR, Layer.FILE,
    "文件里的项目表都是空白的。",
    "请填写后再报送；如果填在了别的文件里，请报送那个文件。",
)  # fmt: skip
NOT_OUR_FORM = Code(
    "not-our-form", ERROR, Layer.FILE,
    "文件里没有找到绩效目标表。",
    "请在下发的模板中填写后报送。",
)  # fmt: skip
UNKNOWN_LAYOUT = Code(
    "unknown-layout", ERROR, Layer.FILE,
    "文件用的表样“{layout}”不在本程序已有的表样中。",
    "请改用下发的模板；财政部门可用 --as 指定表样文件。",
)  # fmt: skip
NEWER_TEMPLATE = Code(
    "newer-template", ERROR, Layer.FILE,
    "文件的模板由更新版本的程序生成，本程序无法读取。",
    "请财政部门升级程序后再检查；也可用 --as 指定表样，按表上文字读取。",
)  # fmt: skip
WRONG_LAYOUT = Code(
    "wrong-layout", ERROR, Layer.FILE,
    "文件用的表样是“{layout}”，应为“{wanted}”。",
    "请在正确的模板中填写后报送。",
)  # fmt: skip
WRONG_YEAR = Code(
    "wrong-year", ERROR, Layer.FILE,
    "文件是{year}年度的表，应为{wanted}年度。",
    "请在{wanted}年度的模板中填写后报送。",
)  # fmt: skip
YEAR_UNKNOWN = Code(
    "year-unknown", ERROR, Layer.FILE,
    "从文件里看不出是哪个年度的表。",
    "请在下发的模板中填写后报送；财政部门可用 --year 指定年度。",
)  # fmt: skip
IDENTITY_LOST = Code(
    "identity-lost", WARNING, Layer.FILE,
    "文件里没有能识别的模板标识（可能被其他软件改写），已按表上文字认定为{year}年度“{layout}”。",
    "请核对读取结果。",
)  # fmt: skip
OWN_SUMMARY = Code(
    "own-summary", INFO, Layer.FILE,
    "这是本程序写出的汇总表，不是填报的表。",
    "不需要处理；可以把它移出存放填报文件的文件夹。",
)  # fmt: skip
SYSTEM_FILE = Code(
    "system-file", INFO, Layer.FILE,
    "这是操作系统或表格软件自动生成的文件，不是填报的表。",
    "不需要处理。",
)  # fmt: skip
READ_FAILED = Code(
    "read-failed", ERROR, Layer.FILE,
    "读取这个文件时程序出错，没有读取任何内容；其他文件不受影响。",
    "请把这个文件发给程序的维护者。",
)  # fmt: skip

# --- several files ------------------------------------------------------------------------------
VERSION_TIE = Code(
    "version-tie", WARNING, Layer.BATCH,
    "项目{value}有{count}个文件的保存时间完全相同，分不出先后，暂以这个文件为准；另有{others}。",
    "请核对哪一个是最后的文件，把其余的移出文件夹后重新汇总。",
)  # fmt: skip
PROJECT_RETURNED_AGAIN = Code(
    "project-returned-again", INFO, Layer.BATCH,
    "这个单位的{count}个文件里都有项目{value}，以最后保存的这个文件为准；以前的是{others}。",
    "不需要处理；如果是不同的项目，请让单位把项目名称写得能够区分，重新报送。",
)  # fmt: skip
UNIT_UNLISTED = Code(
    "unit-unlisted", WARNING, Layer.BATCH,
    "名册上没有单位{value}{closest}。",
    "请核对单位名称；如果是同一单位，请在名册的“单位别名”列加上这个写法。",
)  # fmt: skip
UNIT_NAMED_OTHERWISE = Code(
    "unit-named-otherwise", INFO, Layer.BATCH,
    "单位名称{value}与名册的写法不同，已按名册上的“{listed}”汇总。",
    "不需要处理；如果不是同一单位，请核对名册。",
)  # fmt: skip
PROJECT_UNLISTED = Code(
    "project-unlisted", WARNING, Layer.BATCH,
    "“{listed}”在名册上没有项目{value}{closest}。",
    "请核对项目名称；确属新增项目的，请补入名册。",
)  # fmt: skip
PROJECT_NAMED_OTHERWISE = Code(
    "project-named-otherwise", INFO, Layer.BATCH,
    "项目名称{value}与名册的写法不同，名册上是“{listed}”，已按同一项目汇总。",
    "不需要处理；如果不是同一项目，请核对名册。",
)  # fmt: skip
PROJECT_IN_OTHER_UNIT = Code(
    "project-in-other-unit", WARNING, Layer.BATCH,
    "项目{value}另有单位报送：{others}。",
    "请核对是否重复申报。",
)  # fmt: skip
AMOUNT_BELOW_PEERS = Code(
    "amount-below-peers", WARNING, Layer.BATCH,
    "项目“{project}”的“{label}”只有 {read} 元，像是按万元填写的："
    "{group}的其他{count}个项目的中间值是 {median} 元。",
    "请核对金额和单位。",
)  # fmt: skip
AMOUNT_ABOVE_PEERS = Code(
    "amount-above-peers", WARNING, Layer.BATCH,
    "项目“{project}”的“{label}”达到 {read} 元，像是按元填写的："
    "{group}的其他{count}个项目的中间值是 {median} 元。",
    "请核对金额和单位。",
)  # fmt: skip
AMOUNT_CHANGED = Code(
    "amount-changed", WARNING, Layer.BATCH,
    "项目“{project}”的“{label}”由上一版的 {old} 元改为 {read} 元，上一版是“{previous}”。",
    "请核对这一改动是否有依据。",
)  # fmt: skip
WAIVER_CODE_UNKNOWN = Code(
    "waiver-code-unknown", WARNING, Layer.BATCH,
    "豁免清单第{line}行的代码{value}不是检查项目的代码{closest}，这一行没有起作用。",
    "请照“问题清单”的“代码”一栏填写。",
)  # fmt: skip
WAIVER_PROJECT_UNKNOWN = Code(
    "waiver-project-unknown", WARNING, Layer.BATCH,
    "豁免清单第{line}行：没有{unit}项目{value}{closest}，这一行没有起作用。",
    "请核对单位和项目名称。",
)  # fmt: skip
WAIVER_UNUSED = Code(
    "waiver-unused", INFO, Layer.BATCH,
    "豁免清单第{line}行：{unit}项目{value}现在没有代码为“{code}”的问题，这一行没有起作用。",
    "如果已经改好，可以删去这一行。",
)  # fmt: skip

OTHER_FORMAT = Code(
    "other-format", WARNING, Layer.FILE,
    "这是 .{format} 文件，已读取；但模板的锁定和自动检查在这种格式里已经丢失。",
    "请核对读取结果（公式按其结果读取）；请在下发的模板中填写，保存为 .xlsx 报送。",
)  # fmt: skip

# Every code by its id; a layout's own rules need others.
SHARED: dict[str, Code] = {
    **{code.id: code for code in tuple(globals().values()) if isinstance(code, Code)},
    **UNREADABLE,
}
