/**
 * <table data-island="grid">: arrow up, arrow down and Enter move between the lines of a column of inputs.
 * Enter on the last line stays, so that nobody saves by accident; the button saves.
 */
import { island } from "./islands";

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, Enter: 1 };

island("grid", (table) => {
  table.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    const column = columnOf(input);
    const rows = [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")].filter((row) => inputAt(row, column));
    const place = rows.indexOf(input.closest("tr") as HTMLTableRowElement);
    const next = rows[place + STEPS[event.key]];
    const found = next && inputAt(next, column);
    found?.focus();
    found?.select();
  });
});

function columnOf(input: HTMLInputElement): number {
  return [...(input.closest("tr") as HTMLTableRowElement).querySelectorAll("input")].indexOf(input);
}

function inputAt(row: HTMLTableRowElement, column: number): HTMLInputElement | undefined {
  return row.querySelectorAll("input")[column];
}
