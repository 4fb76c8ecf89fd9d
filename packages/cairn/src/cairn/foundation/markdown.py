# SPDX-License-Identifier: Apache-2.0
"""Safe HTML from the little Markdown that people write in criteria and notes."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {"p", "em", "strong", "ul", "ol", "li", "a", "code", "pre", "blockquote", "br", "h3", "h4"}
#: A link of a stranger's text names the place it leads to; none leads around our own site.
_ADDRESS = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})


def as_html(text: str) -> SafeString:
    """Return Markdown as HTML that holds no script, no image, no style and no raw HTML."""
    html = nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_kept,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    # Cleaned the line above by an allow-list.
    return mark_safe(html)  # noqa: S308


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or _ADDRESS.match(value) else None
