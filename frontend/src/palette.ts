/** Ctrl-K (or ⌘K): <dialog data-island="palette" data-find="/find/"> with an input and a listbox. Goes to a section, or to
 *  an account by a part of its name. */
import { island } from "./islands";

type Place = { title: string; path: string; note: string };

function sections(): Place[] {
  const links = document.querySelectorAll<HTMLAnchorElement>(".sidebar ul a, .menu .panel > a");
  return [...links].map((link) => ({ title: link.textContent?.trim() ?? "", path: link.pathname, note: "page" }));
}

function matching(places: Place[], words: string): Place[] {
  return places.filter((place) => place.title.toLowerCase().includes(words.toLowerCase()));
}

function option(place: Place, number: number, chosen: boolean): HTMLLIElement {
  const item = document.createElement("li");
  item.id = `palette-${number}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(chosen));
  const note = document.createElement("span");
  note.className = "muted";
  note.textContent = place.note;
  item.append(place.title, note);
  item.addEventListener("click", () => location.assign(place.path));
  return item;
}

island("palette", (element) => {
  const dialog = element as HTMLDialogElement;
  const input = dialog.querySelector("input")!;
  const list = dialog.querySelector("ul")!;
  let found: Place[] = [];
  let chosen = 0;
  let asked = 0;

  const show = () => {
    list.replaceChildren(...found.map((place, number) => option(place, number, number === chosen)));
    input.setAttribute("aria-activedescendant", found.length ? `palette-${chosen}` : "");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const search = async () => {
    const words = input.value.trim();
    const number = ++asked;
    chosen = 0;
    found = matching(sections(), words);
    show();
    if (words.length < 2) return;
    const answer = await fetch(`${dialog.dataset.find}?q=${encodeURIComponent(words)}`);
    if (!answer.ok || number !== asked) return;
    found = [...((await answer.json()).found as Place[]), ...matching(sections(), words)];
    show();
  };
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      chosen = found.length ? (chosen + by + found.length) % found.length : 0;
      show();
    }
    if (event.key === "Enter" && found[chosen]) {
      event.preventDefault();
      location.assign(found[chosen].path);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    input.value = "";
    void search();
    if (!dialog.open) dialog.showModal();
  });
});
