"""A dashboard as a PDF without a browser: its numbers, widget by widget, as text and tables."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.fonts import FontFace

from keepwell.apps.dashboards.printing.still import Drawn, Still

_FOLDERS = ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/TTF",
            "/Library/Fonts")  # fmt: skip
_PLAIN, _BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
_FAMILY = "kept"
_MOST_COLUMNS, _MOST_ROWS = 10, 200


def paper_of(still: Still) -> bytes:
    """Characters that no font of the machine has are shown as question marks; without DejaVu those are all that
    Latin-1 does not have."""
    paper = _Paper(orientation="landscape", format="A4")
    paper.begin(still)
    for one in still.widgets:
        paper.widget(one)
    return bytes(paper.output())


class _Paper(FPDF):
    """`family`: what text is set in."""

    family = "helvetica"

    def begin(self, still: Still) -> None:
        self.set_title(still.shown.title)
        self.set_creator("Keepwell")
        self.set_auto_page_break(auto=True, margin=15)
        if (fonts := _fonts()) is not None:
            self.add_font(_FAMILY, "", str(fonts[0]))
            self.add_font(_FAMILY, "B", str(fonts[1]))
            self.family = _FAMILY
        self.add_page()
        self._line(still.shown.title, 18, bold=True)
        self._line(f"{still.said}. For {still.reader}.", 9)

    def widget(self, one: Drawn) -> None:
        if self.get_y() > self.h - 45:
            self.add_page()
        self.ln(4)
        self._line(one.title, 12, bold=True)
        if one.result.problem is not None:
            self._line(f"Not shown. {one.result.problem}", 9)
        elif one.number is not None:
            self._line(one.number.text, 16, bold=True)
            if one.number.change:
                self._line(f"{one.number.change} from {one.number.before}", 9)
        elif one.result.is_empty:
            self._line("Nothing here.", 9)
        else:
            self._rows(one)
        notes = [one.span, *([f"compared with {one.compared}"] if one.compared else []), *one.result.notes]
        self._line(" · ".join(part for part in notes if part), 7)

    def _rows(self, one: Drawn) -> None:
        self.set_font(self.family, size=8)
        lines, heads = one.picture.lines[:_MOST_ROWS], one.picture.heads[:_MOST_COLUMNS]
        with self.table(
            text_align=tuple("RIGHT" if head.role != "dimension" else "LEFT" for head in heads),
            headings_style=FontFace(emphasis="BOLD", fill_color=(240, 240, 238)), line_height=5,
            borders_layout="HORIZONTAL_LINES",
        ) as table:  # fmt: skip
            row = table.row()
            for head in one.heads[:_MOST_COLUMNS]:
                row.cell(self.known(head))
            for line in lines:
                row = table.row()
                for cell in line.cells[:_MOST_COLUMNS]:
                    row.cell(self.known(cell.text))
        if more := one.beyond(len(lines)):
            self._line(f"and {more} more rows", 8)

    def _line(self, text: str, size: float, *, bold: bool = False) -> None:
        if text:
            self.set_font(self.family, style="B" if bold else "", size=size)
            self.multi_cell(0, size * 0.5, self.known(text), new_x="LMARGIN", new_y="NEXT")

    def known(self, text: str) -> str:
        """What the font can set; signs of ours have stand-ins."""
        if self.family != "helvetica":
            return text
        for sign, other in (("−", "-"), ("–", "-"), ("▲", "+"), ("▼", "-"), ("…", "...")):
            text = text.replace(sign, other)
        return text.encode("latin-1", "replace").decode("latin-1")


@lru_cache(maxsize=1)
def _fonts() -> tuple[Path, Path] | None:
    """Upright and bold, of the system or of what is installed beside us."""
    folders = [Path(one) for one in _FOLDERS]
    spec: Any = find_spec("matplotlib")
    if spec is not None and spec.origin:
        folders.append(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")
    pairs = ((folder / _PLAIN, folder / _BOLD) for folder in folders)
    return next((pair for pair in pairs if all(one.is_file() for one in pair)), None)
