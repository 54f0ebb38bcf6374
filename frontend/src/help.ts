/** ?: <dialog data-island="help"> tells which keys do what. */
import { island } from "./islands";

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

island("help", (element) => {
  const dialog = element as HTMLDialogElement;
  dialog.querySelector("button")?.addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !isTyping(event.target) && !dialog.open) dialog.showModal();
  });
});
