/** <input data-island="search">: the key / puts the cursor into it. */
import { island } from "./islands";

island("search", (element) => {
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      element.focus();
    }
  });
});
