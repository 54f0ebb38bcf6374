/**
 * <div class="board" data-island="board"> with sections [data-status] of cards (li[draggable]): a card that is dropped on
 * another column, or moved with Shift and an arrow key, does what its menu does for that column, so there is one way.
 */
import { island } from "./islands";

island("board", (board) => {
  const columns = [...board.querySelectorAll<HTMLElement>("[data-status]:is(section)")];
  let held: HTMLElement | null = null;

  for (const card of board.querySelectorAll<HTMLElement>("li[draggable]")) {
    card.tabIndex = 0;
    card.addEventListener("dragstart", (event) => {
      held = card;
      event.dataTransfer?.setData("text/plain", card.id);
      card.classList.add("held");
    });
    card.addEventListener("dragend", () => {
      held = null;
      card.classList.remove("held");
      for (const column of columns) column.classList.remove("over");
    });
    card.addEventListener("keydown", (event) => byKey(event, card, columns));
  }

  for (const column of columns) {
    column.addEventListener("dragover", (event) => {
      if (!held || !wayTo(held, column)) return;
      event.preventDefault();
      column.classList.add("over");
    });
    column.addEventListener("dragleave", () => column.classList.remove("over"));
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      if (held) wayTo(held, column)?.click();
    });
  }

  document.getElementById(location.hash.slice(1))?.focus();
});

function byKey(event: KeyboardEvent, card: HTMLElement, columns: HTMLElement[]): void {
  if (event.target !== card) return;
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step && event.shiftKey) {
    event.preventDefault();
    const at = columns.findIndex((column) => column.contains(card));
    const next = columns[at + step];
    if (next) wayTo(card, next)?.click();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const other = event.key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling;
    (other as HTMLElement | null)?.focus();
  } else if (event.key === "Enter") {
    card.querySelector<HTMLElement>("a.row-name")?.click();
  }
}

/** The button or link of the card's menu that leads to a column. */
function wayTo(card: HTMLElement, column: HTMLElement): HTMLElement | null {
  const status = column.dataset.status ?? "";
  return card.querySelector<HTMLElement>(`button[name=status][value=${status}], a[data-status=${status}]`);
}
