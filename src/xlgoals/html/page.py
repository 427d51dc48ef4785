"""How a page is made: templates that escape everything, one style sheet, and no way out."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from xlgoals.text import visible

_TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, widths: Iterable[int] = (), lines: Iterable[int] = (), **words: Any) -> str:
    """The page that a template makes of these words.

    The policy allows this very style sheet and nothing else. It leaves no room for attributes of
    style, so what the columns are wide (in thousandths: class ``w250``) and the rows are high
    (in lines: class ``r7``) is said in the sheet.
    """
    rules = [
        *(f".w{width}{{width:{width / 10:g}%}}" for width in sorted(set(widths))),
        *(f".r{count}{{height:{count * 1.25:g}em}}" for count in sorted(set(lines))),
    ]
    css = "\n".join([_style_sheet(), *rules])
    digest = b64encode(sha256(css.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    # Its words are our own: they end no element, and the policy knows their digest.
    return _environment().get_template(template).render(css=Markup(css), policy=policy, **words)  # noqa: S704


@cache
def _style_sheet() -> str:
    return (_TEMPLATES / "page.css").read_text(encoding="utf-8").strip()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever a value holds: nothing that turns a line around or that no page may hold.
        finalize=lambda value: (
            value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)
        ),
    )
