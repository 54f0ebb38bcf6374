"""The pages for users, and what stands in them: fenced blocks, links, YAML that belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^(?:<!-- (?P<mark>[^\n]*?) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
_NAMED = re.compile(r"^# (?P<file>[\w./-]+\.(?:yaml|csv|jsonl))\n")


@dataclass(frozen=True)
class Block:
    """A fenced block. `mark`: the comment on the line before it. `start`, `end`: where its text stands in the page.

    Marks: `folder: name` (YAML of a folder of its own), `refused: words` (YAML that is refused with these words),
    `exit: 1` (a command that ends so), `not run` (a command that needs what a test does not have), `limits` (YAML
    of the limits of a proposal).
    """

    language: str
    text: str
    mark: str
    start: int
    end: int

    @property
    def refusal(self) -> str:
        return self.mark.partition("refused: ")[2]

    @property
    def file(self) -> str | None:
        """The name in the first line, written as a comment."""
        found = _NAMED.match(self.text)
        return found["file"] if found else None

    @property
    def folder(self) -> str:
        """YAML blocks of one folder are one project: the folder named by the mark, or by the name of the file."""
        if self.refusal:
            return f"refused: {self.refusal}"
        named = self.mark.partition("folder: ")[2]
        return named or (self.file.rpartition("/")[0] if self.file else "")


def written() -> list[Path]:
    """Every page, the templates of generated ones left out."""
    below = (page for page in DOCS.rglob("*.md") if "templates" not in page.parts)
    return [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted(below)]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(one["language"], one["text"], one["mark"] or "", one.start("text"), one.end("text"))
        for one in _FENCE.finditer(text)
    ]


def folders(page: Path) -> dict[str, list[Block]]:
    """YAML blocks by the folder they belong to."""
    found: dict[str, list[Block]] = {}
    for block in blocks(page):
        if block.language == "yaml" and block.mark not in ("limits", "topics"):
            found.setdefault(block.folder, []).append(block)
    return found


def links(page: Path) -> Iterator[str]:
    """Targets of links, without those inside blocks."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
