"""Markdown as safe HTML: what looks like HTML in a text is shown as text, and links lead to the web alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict


def _link(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer nofollow")
    return renderer.renderToken(tokens, index, options, env)  # type: ignore[attr-defined]


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
_MARKDOWN.add_render_rule("link_open", _link)


def as_html(text: str) -> SafeString:
    """The parser escapes every tag and refuses addresses such as javascript:, so the result may stand in a page."""
    return mark_safe(_MARKDOWN.render(text))
