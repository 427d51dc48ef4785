"""A report that is a web page, as tests take it apart: by a parser, and in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html

from npm import installed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VOID = {"meta", "link", "col", "br", "img"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What a workbook might try; each would show in a page that is not careful.
HOSTILE = (
    "<script>window.bent=1</script>",
    "<img src=http://bent.invalid/x onerror=window.bent=1>",
    "\"><svg onload='window.bent=1'>",
    "'+alert(1)+'",
    "</style><style>*{display:none}</style>",
    "javascript:window.bent=1",
    "{{ 7*7 }}{% raw %}",
    "]]><!--&lt;b&gt;",
    "甲\x1b[31m\u202e乙\u2066丙",
)


class WebPage:
    """A page as text and as a tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree: Any = lxml.html.document_fromstring(text.encode("utf-8"))
        self.ids = {item.get("id"): item for item in self.all("//*[@id]")}

    def all(self, path: str) -> list[Any]:
        found: list[Any] = self.tree.xpath(path)
        return found

    def by_id(self, name: str) -> Any:
        return self.ids[name]

    def under(self, prefix: str) -> list[Any]:
        """The elements whose ids begin so, in the order of the page."""
        return [item for name, item in self.ids.items() if name.startswith(prefix)]

    def assert_sound(self) -> None:
        """What holds for every page, whatever it reports."""
        _Nesting().run(self.text)
        ids = self.ids.keys()
        assert len(ids) == len(self.all("//@id"))
        links = self.all("//@href")
        assert {link for link in links if not link.startswith("#")} == {"data:,"}
        assert {link[1:] for link in links if link.startswith("#")} <= ids
        for named in ("aria-labelledby", "headers"):
            assert {name for names in self.all(f"//@{named}") for name in names.split()} <= ids
        assert self.all("//*[@src or @style or @srcset or @action or @formaction]") == []
        assert self.all("//script | //img | //iframe | //object | //form | //svg") == []
        assert not [name for name in self.all("//@*") if name.attrname.startswith("on")]
        assert len(self.all("//style")) == 1
        assert "url(" not in self.all("//style")[0].text
        assert "@import" not in self.all("//style")[0].text
        self._assert_headings()
        assert self.all("//html/@lang") == ["zh-CN"]
        assert self.all("//title")[0].text
        (policy,) = self.all("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; style-src 'sha256-")

    def _assert_headings(self) -> None:
        levels = [int(item.tag[1]) for item in self.tree.iter(*HEADINGS)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(following <= level + 1 for level, following in pairwise(levels))


class _Nesting(HTMLParser):
    """Every element is closed, and in the order in which they were opened."""

    def run(self, text: str) -> None:
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def squeezed(text: str) -> str:
    """A text without white space, as far as a parser may have bent that."""
    return re.sub(r"\s+", "", text)


# --- in a browser ---------------------------------------------------------------------------------
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@contextmanager
def shown(browser: Browser, path: Path, **options: Any) -> Iterator[Page]:
    """A page that is opened; at the end, that nothing went wrong and nothing was asked for."""
    from browser import PATIENCE

    context = browser.new_context(**{"viewport": DESK, **options})
    context.set_default_timeout(PATIENCE)
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: said.append(request.url))
    url = path.resolve().as_uri()
    try:
        page.goto(url)
        yield page
        assert {word.partition("#")[0] for word in said} == {url}
        assert page.url.partition("#")[0] == url
    finally:
        context.close()


# Axe-core leaves some texts undecided. Nothing here lies over anything else, so what is behind a
# text is the background of the nearest element around it that has one.
_CONTRASTS = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = parts(colour).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = item => {
    for (; item; item = item.parentElement) {
      const colour = getComputedStyle(item).backgroundColor;
      const alpha = parts(colour)[3] ?? 1;
      if (alpha === 1) return colour;
      if (alpha !== 0) throw new Error("half transparent: " + item.className);
    }
    return "rgb(255, 255, 255)";
  };
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, item = text.parentElement;
    if (!text.data.trim()) continue;
    const [a, b] = [light(getComputedStyle(item).color), light(behind(item))];
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), text.data.slice(0, 40)]);
  }
  return found;
}"""


@lru_cache
def _axe() -> str:
    return (installed("axe-core", "4.10.3") / "axe.min.js").read_text(encoding="utf-8")


def assert_accessible(page: Page) -> None:
    """Axe-core finds nothing; and every text stands out from what is behind it."""
    page.evaluate(_axe())
    report = page.evaluate("axe.run({resultTypes: ['violations']})")
    assert [(v["id"], v["nodes"][0]["html"]) for v in report["violations"]] == []
    assert len(report["passes"]) > 20
    contrasts = page.evaluate(_CONTRASTS)
    assert len(contrasts) > 20
    assert [found for found in contrasts if found[0] < 4.5] == []


def assert_fits(page: Page) -> None:
    """Nothing stands out of the window sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
