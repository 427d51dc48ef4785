"""The fields a form may have: English key, kind and Chinese term, said once.

These are plain annotations, so that checking a workbook need not import pydantic; the models in
:mod:`xlgoals.models` inherit them. Which of the fields a form has, their labels and which are
required is the word of its layout.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, get_args, get_type_hints


class KindName:
    """Names of the kinds of field, as a layout's ``type:`` spells them."""

    TEXT: Final = "text"
    CHOICE: Final = "choice"
    YES_NO: Final = "yes_no"
    DATE: Final = "date"
    AMOUNT: Final = "amount"
    TARGET: Final = "target"
    NUMBER: Final = "number"


@dataclass(frozen=True)
class Term:
    """The field's kind and its standard Chinese term."""

    kind: str
    zh: str


@dataclass(kw_only=True)
class FormFields:
    """The fields of every shipped layout; None: blank or refused."""

    declaring_unit: Annotated[str | None, Term(KindName.TEXT, "申报单位名称")] = None
    project_name: Annotated[str | None, Term(KindName.TEXT, "项目名称")] = None
    supervising_department: Annotated[str | None, Term(KindName.TEXT, "主管部门")] = None
    project_nature: Annotated[str | None, Term(KindName.CHOICE, "项目性质")] = None
    project_category: Annotated[str | None, Term(KindName.CHOICE, "项目类别")] = None
    start_date: Annotated[date | None, Term(KindName.DATE, "计划开始日期")] = None
    end_date: Annotated[date | None, Term(KindName.DATE, "计划完成日期")] = None
    has_government_purchase: Annotated[
        bool | None, Term(KindName.YES_NO, "是否含有政府购买服务")
    ] = None
    performance_type: Annotated[str | None, Term(KindName.CHOICE, "绩效类型")] = None
    overview: Annotated[str | None, Term(KindName.TEXT, "项目概况")] = None
    basis: Annotated[str | None, Term(KindName.TEXT, "立项依据")] = None
    necessity: Annotated[str | None, Term(KindName.TEXT, "项目设立的必要性")] = None
    safeguards: Annotated[str | None, Term(KindName.TEXT, "保证项目实施的制度、措施")] = None
    implementation_plan: Annotated[str | None, Term(KindName.TEXT, "项目实施计划")] = None
    objectives: Annotated[str | None, Term(KindName.TEXT, "总目标及阶段性目标")] = None
    overall_goal: Annotated[str | None, Term(KindName.TEXT, "项目总目标")] = None
    annual_goal: Annotated[str | None, Term(KindName.TEXT, "年度总体目标")] = None
    total_budget: Annotated[Decimal | None, Term(KindName.AMOUNT, "项目总预算")] = None
    total_fiscal_funds: Annotated[
        Decimal | None, Term(KindName.AMOUNT, "项目资金总额中的财政资金")
    ] = None
    total_other_funds: Annotated[
        Decimal | None, Term(KindName.AMOUNT, "项目资金总额中的其他资金")
    ] = None
    current_budget: Annotated[Decimal | None, Term(KindName.AMOUNT, "项目当年预算")] = None
    current_appropriation: Annotated[Decimal | None, Term(KindName.AMOUNT, "当年财政拨款")] = None
    carried_over_funds: Annotated[Decimal | None, Term(KindName.AMOUNT, "上年结转资金")] = None
    current_other_funds: Annotated[
        Decimal | None, Term(KindName.AMOUNT, "年度资金中的其他资金")
    ] = None
    prior_budget: Annotated[Decimal | None, Term(KindName.AMOUNT, "同名项目上年预算额")] = None
    prior_execution: Annotated[Decimal | None, Term(KindName.AMOUNT, "同名项目上年预算执行数")] = (
        None
    )


@dataclass(kw_only=True)
class IndicatorFields:
    """One indicator row but its target; None: blank or refused."""

    level1: Annotated[str | None, Term(KindName.CHOICE, "一级目标")] = None
    level2: Annotated[str | None, Term(KindName.CHOICE, "二级目标")] = None
    name: Annotated[str | None, Term(KindName.TEXT, "三级目标")] = None


def _terms(cls: type) -> dict[str, Term]:
    hints = get_type_hints(cls, include_extras=True)
    return {
        field.name: next(arg for arg in get_args(hints[field.name]) if isinstance(arg, Term))
        for field in fields(cls)
    }


FORM_TERMS: dict[str, Term] = _terms(FormFields)
INDICATOR_TERMS: dict[str, Term] = _terms(IndicatorFields)
# Columns that only some forms have; the rows of their records have the key, too.
COLUMN_TERMS: dict[str, Term] = {"weight": Term(KindName.NUMBER, "权重")}
