/** <ol data-island="rows"> with <a data-row> in each line: j and k go from line to line, Enter opens it. */
import { isTyping } from "./help";
import { island } from "./islands";

island("rows", (element) => {
  document.addEventListener("keydown", (event) => {
    if ((event.key !== "j" && event.key !== "k") || isTyping(event.target) || event.ctrlKey || event.metaKey) return;
    const links = [...element.querySelectorAll<HTMLElement>("[data-row]")];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = event.key === "j" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
    links[next]?.focus();
  });
});
