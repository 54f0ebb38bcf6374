/**
 * <div data-island="complete" data-names="ID"> with a <ul role="listbox" id="completion" hidden> and a <p role="status">:
 * completes names in every <textarea data-complete="expression|text"> and <input data-complete> of the page. ID names a
 * JSON script with [{name, kind, doc, place}]. In texts names stand between braces. Arrows choose, Enter takes, Tab too,
 * Escape closes; one list serves all fields, so that fields may be swapped under it, and the script of names with them.
 */
import { island } from "./islands";

type Named = { name: string; kind: string; doc: string; place: string };
type Field = HTMLTextAreaElement | HTMLInputElement;
type Word = { start: number; text: string };

const MOST = 8;
const WORDS = new Set(["and", "or", "not", "in", "is", "null", "between", "like", "true", "false"]);

function fieldOf(target: EventTarget | null): Field | undefined {
  const is = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return is && target.dataset.complete ? target : undefined;
}

/** What is being typed before the cursor: a name of an expression outside quotes, or what follows a brace. */
export function wordBefore(text: string, place: string): Word | undefined {
  const pattern = place === "text" ? /\{([A-Za-z_][\w.]*)?$/ : /(?:^|[^\w.'])([A-Za-z_][\w.]*)$/;
  const found = pattern.exec(text);
  if (!found) return undefined;
  if (place !== "text" && (text.split("'").length - 1) % 2 === 1) return undefined;
  const typed = found[1] ?? "";
  if (place !== "text" && WORDS.has(typed.toLowerCase())) return undefined;
  return { start: text.length - typed.length, text: typed };
}

/** Names that begin with what was typed, then those that hold it. */
export function fitting(names: Named[], typed: string, place: string): Named[] {
  const wanted = typed.toLowerCase();
  const known = names.filter((one) => (place === "text" ? one.place !== "expression" : one.place !== "text"));
  const begins = known.filter((one) => one.name.toLowerCase().startsWith(wanted));
  const holds = known.filter((one) => !one.name.toLowerCase().startsWith(wanted) && one.name.toLowerCase().includes(wanted));
  return [...begins, ...holds].filter((one) => one.name !== typed).slice(0, MOST);
}

island("complete", (element) => {
  const list = element.querySelector("ul")!;
  const status = element.querySelector("p")!;
  const names = () => JSON.parse(document.getElementById(element.dataset.names ?? "")?.textContent ?? "[]") as Named[];
  let field: Field | undefined;
  let word: Word | undefined;
  let found: Named[] = [];
  let chosen = 0;

  const close = () => {
    list.hidden = true;
    found = [];
    field?.removeAttribute("aria-activedescendant");
  };
  /** Tab goes on to the next field unless it plainly finishes what is being typed. */
  const begins = (one: Named) => Boolean(word?.text) && one.name.toLowerCase().startsWith(word!.text.toLowerCase());
  const take = (one: Named) => {
    if (!field || !word) return;
    const behind = field.dataset.complete === "text" && field.value[field.selectionStart ?? 0] !== "}" ? "}" : "";
    field.setRangeText(one.name + behind, word.start, field.selectionStart ?? field.value.length, "end");
    close();
    field.focus();
  };
  const option = (one: Named, at: number) => {
    const item = document.createElement("li");
    item.id = `completion-${at}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(at === chosen));
    const name = document.createElement("code");
    name.textContent = one.name;
    const note = document.createElement("span");
    note.className = "muted";
    note.textContent = [one.kind, one.doc].filter(Boolean).join(" · ");
    item.append(name, note);
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the focus
      take(one);
    });
    return item;
  };
  const show = () => {
    if (!field || !found.length) return close();
    list.replaceChildren(...found.map(option));
    const box = field.getBoundingClientRect();
    list.style.top = `${box.bottom + scrollY + 2}px`;
    list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 340)) + scrollX}px`;
    list.hidden = false;
    field.setAttribute("aria-activedescendant", `completion-${chosen}`);
    status.textContent = `${found.length} name${found.length === 1 ? "" : "s"}`;
  };
  const look = () => {
    word = field && wordBefore(field.value.slice(0, field.selectionStart ?? 0), field.dataset.complete ?? "");
    found = word ? fitting(names(), word.text, field?.dataset.complete ?? "") : [];
    chosen = 0;
    show();
  };

  document.addEventListener("input", (event) => {
    field = fieldOf(event.target);
    if (field) look();
  });
  document.addEventListener("focusout", (event) => {
    if (fieldOf(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (fieldOf(event.target) && event.key === " " && event.ctrlKey) {
      event.preventDefault();
      field = fieldOf(event.target);
      word = { start: field?.selectionStart ?? 0, text: "" };
      found = fitting(names(), "", field?.dataset.complete ?? "");
      chosen = 0;
      show();
      return;
    }
    if (list.hidden || fieldOf(event.target) !== field) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
      show();
    } else if (event.key === "Enter" || (event.key === "Tab" && begins(found[chosen]))) take(found[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
});
