# SPDX-License-Identifier: Apache-2.0
"""The few tags that every template knows without loading them: icons, safe Markdown, sizes."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cairn.foundation import files, markdown

register = template.Library()

#: Drawn for this project on a 24-unit grid; constants, so nothing in them comes from a person.
ICONS = {
    "ok": '<circle cx="12" cy="12" r="9.2" fill="currentColor" stroke="none"/><path d="m7.8 12.4 2.9 2.9 5.7-6.2" class="ko"/>',
    "bad": '<path d="M8.2 2.8h7.6l5.4 5.4v7.6l-5.4 5.4H8.2l-5.4-5.4V8.2Z" fill="currentColor" stroke="none"/><path d="m8.8 8.8 6.4 6.4M15.2 8.8l-6.4 6.4" class="ko"/>',
    "warn": '<path d="M12 2.6 22 20.4H2Z" fill="currentColor" stroke="currentColor"/><path d="M12 9.2v5M12 17.3v.1" class="ko"/>',
    "idle": '<circle cx="12" cy="12" r="8.6" stroke-dasharray="3.4 2.6"/><path d="M8.5 12h7"/>',
    "share": '<path d="M12 15V3.5M8 7l4-4 4 4M5 12v7.5h14V12"/>',
    "down": '<path d="M12 4v11M8 11.5l4 4 4-4M5 20h14"/>',
    "chev": '<path d="m6 9.5 6 6 6-6"/>',
    "copy": '<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M5.5 15H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v.5"/>',
    "again": '<path d="M20 12a8 8 0 1 1-2.6-5.9M20 3.5v4h-4"/>',
    "doc": '<path d="M6 2.8h8l4.5 4.5v14H6ZM14 2.8v4.7h4.5M9 12.5h6M9 16h6"/>',
    "code": '<rect x="3" y="4" width="18" height="16" rx="3"/><path d="m8.5 9.5-2.5 2.5 2.5 2.5M15.5 9.5 18 12l-2.5 2.5"/>',
    "image": '<rect x="3" y="4" width="18" height="16" rx="3"/><circle cx="9" cy="10" r="1.8"/><path d="m4 18 5.5-5 3.5 3 3-2.5 4 4"/>',
    "video": '<rect x="2.8" y="5" width="18.4" height="14" rx="3"/><path d="m10.2 9.2 4.8 2.8-4.8 2.8Z" fill="currentColor"/>',
    "org": '<path d="M4 21h16M6 21V9.5M18 21V9.5M10 21V13M14 21V13M3 9.5 12 4l9 5.5Z"/>',
    "link": '<path d="M10 14a4.5 4.5 0 0 0 6.4 0l3-3A4.5 4.5 0 0 0 13 4.6l-1 1M14 10a4.5 4.5 0 0 0-6.4 0l-3 3A4.5 4.5 0 0 0 11 19.4l1-1"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.2 2"/>',
    "people": '<circle cx="9" cy="8.5" r="3.3"/><path d="M3 19.5c0-3.6 2.5-6 6-6s6 2.4 6 6M15.5 5.4a3.3 3.3 0 0 1 0 6.2M17.5 14c2.2.8 3.5 2.7 3.5 5.5"/>',
    "arrow": '<path d="M4.5 12h15M13.5 6l6 6-6 6"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "upload": '<path d="M12 16V5M8 9l4-4 4 4M5 20h14"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="3"/><path d="m4 7.5 8 6 8-6"/>',
}
_ROSETTE = "".join(f'<ellipse rx="96" ry="40" transform="rotate({turn * 10})"/>' for turn in range(18))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon. With a label it carries meaning; without one it is hidden from assistive technology."""
    drawing = mark_safe(ICONS[name])  # noqa: S308 - a constant of this file
    if label:
        return format_html(
            '<svg viewBox="0 0 24 24" class="icon" role="img" aria-label="{}">{}</svg>', label, drawing
        )
    return format_html('<svg viewBox="0 0 24 24" class="icon" aria-hidden="true">{}</svg>', drawing)


@register.simple_tag
def rosette() -> SafeString:
    """Draw the fine line pattern behind a badge."""
    drawing = mark_safe(_ROSETTE)  # noqa: S308 - a constant of this file
    return format_html(
        '<svg class="rosette" viewBox="-100 -100 200 200" aria-hidden="true">{}</svg>', drawing
    )


@register.filter
def markdown_html(text: str) -> SafeString:
    """Show Markdown that a person wrote, without anything that could run."""
    return markdown.as_html(text)


@register.filter
def file_size(size: int) -> str:
    """Show a size in bytes the way people say it."""
    return files.as_size(size)
