"""Reading an XMP packet (ISO 16684-1) with a parser that expands nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_log = logging.getLogger(__name__)

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES = {
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://purl.org/dc/elements/1.1/": "dc",
}


def parse_xmp(packet: bytes) -> Mapping[str, list[str]]:
    """The properties of a packet by their usual names, such as "dc:subject".

    Lists keep their order; of texts in several languages the default comes first.
    A packet that is broken, or that declares a DTD or entities, gives an empty mapping.
    """
    start, end = packet.find(b"<"), packet.rfind(b">")
    if start < 0 or end < start:
        return {}
    try:
        root = fromstring(packet[start : end + 1], forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        _log.debug("broken XMP left out: %r", error)
        return {}
    found: dict[str, list[str]] = {}
    for rdf in root.iter(f"{_RDF}RDF"):
        for described in rdf.findall(f"{_RDF}Description"):
            for tag, value in described.attrib.items():
                _keep(found, tag, [value])
            for child in described:
                _keep(found, child.tag, _values(child))
    return found


def _keep(found: dict[str, list[str]], tag: str, values: list[str]) -> None:
    uri, _, name = tag.removeprefix("{").partition("}")
    prefix = _NAMESPACES.get(uri)
    texts = [text for text in values if text.strip()]
    if prefix and texts:
        found.setdefault(f"{prefix}:{name}", []).extend(texts)


def _values(element: Element) -> list[str]:
    items = list(element.iter(f"{_RDF}li"))
    if not items:
        return [element.text or ""]
    items.sort(key=lambda item: item.get(_LANGUAGE) != "x-default")
    return ["".join(item.itertext()) for item in items]
