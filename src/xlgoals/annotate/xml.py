"""Trees of XML parts: parsed without entities or network, found by local names.

New elements take the namespace of their parent, so that both dialects of the format, and any
prefix, come out as they went in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from lxml import etree

from xlgoals.language import Message

Element = etree._Element
Canonical = tuple[object, ...]

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Unmarkable(Exception):  # noqa: N818 - a state of the file, not a fault of the program
    """The file can be read, but no marked copy of it can be made; the text says why."""


def parsed(name: str, data: bytes) -> Element:
    """The root of a part. Raises Unmarkable for what is no plain XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Unmarkable(Message("{name} 不是完好的 XML", name=name)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unmarkable(Message("{name} 含有文档类型声明", name=name))
    return root


def serialised(root: Element) -> bytes:
    """The bytes of a part."""
    tree = root.getroottree()
    return _DECLARATION + etree.tostring(tree, encoding="UTF-8", xml_declaration=False)


def local(element: Element) -> str:
    """The name without its namespace; empty for a comment and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(parent: Element, name: str) -> Iterator[Element]:
    """The children of that local name."""
    return (item for item in parent if local(item) == name)


def child(parent: Element, name: str) -> Element | None:
    """The first of them."""
    return next(children(parent, name), None)


def make(
    parent: Element, name: str, /, prefixes: Mapping[str, str] | None = None, **attributes: str
) -> Element:
    """An element of the parent's namespace, not yet placed in it, with prefixes it needs."""
    space = str(parent.tag).rpartition("}")[0].removeprefix("{")
    return parent.makeelement(f"{{{space}}}{name}" if space else name, attributes, prefixes)


def append(parent: Element, name: str, /, **attributes: str) -> Element:
    """A new last child."""
    made = make(parent, name, None, **attributes)
    parent.append(made)
    return made


def insert_before(parent: Element, element: Element, followers: Collection[str]) -> None:
    """Place a child before the first of those that the format wants behind it."""
    for index, item in enumerate(parent):
        if local(item) in followers:
            parent.insert(index, element)
            return
    parent.append(element)


def unset(element: Element, attribute: str) -> None:
    """Take an attribute away, if it is there."""
    if attribute in element.attrib:
        del element.attrib[attribute]


def set_text(element: Element, text: str) -> None:
    """Give an element a text whose blanks are kept."""
    element.text = text
    if text != text.strip():
        element.set(_SPACE, "preserve")


def canonical(element: Element) -> Canonical:
    """What is equal for elements that say the same, however they are spelled."""
    inner = tuple(canonical(item) for item in element if local(item))
    attributes = tuple(sorted((str(key), str(value)) for key, value in element.attrib.items()))
    return local(element), attributes, (element.text or "").strip(), inner


def texts(string: Element) -> list[Element]:
    """The elements that hold the text of a string, rich or plain, without reading aids."""
    runs = (child(item, "t") if local(item) == "r" else item for item in string)
    return [item for item in runs if item is not None and local(item) == "t"]
