/** <input type="checkbox" data-island="choose"> in the head of a table: chooses every line of it, or none. */
import { island } from "./islands";

island("choose", (element) => {
  element.addEventListener("change", () => {
    const all = (element as HTMLInputElement).checked;
    const boxes = element.closest("table")?.querySelectorAll<HTMLInputElement>("tbody input[type=checkbox]") ?? [];
    for (const box of boxes) box.checked = all;
  });
});
