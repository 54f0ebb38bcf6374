/**
 * <div data-island="dashboard"> around widgets, each <section data-widget tabindex="-1">: a mark of a chart that is clicked offers
 * its rows and to narrow the page; j and k go from widget to widget, Enter opens the rows, t the table, f the full screen.
 * Inside a widget: data-twin-toggle with a data-twin, data-full-screen, data-again, data-drill, data-png.
 */
import { isTyping } from "./help";
import { island } from "./islands";
import { savedTable } from "./table_picture";

type Mark = { at: number; measure?: string; x: number; y: number };
type Point = [at: string, crossing: string, words: string];

island("dashboard", (board) => {
  board.addEventListener("chart:mark", (event) => offer(event.target as HTMLElement, (event as CustomEvent<Mark>).detail));
  board.addEventListener("click", (event) => pressed(event.target as HTMLElement));
  board.addEventListener("htmx:error", (event) => failed(event.target as HTMLElement));
});

document.addEventListener("keydown", (event) => {
  const board = document.querySelector<HTMLElement>("[data-island=dashboard]");
  if (event.key === "Escape") menu?.remove();
  if (!board || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const widgets = [...board.querySelectorAll<HTMLElement>("[data-widget]")];
  const here = (event.target as HTMLElement).closest?.<HTMLElement>("[data-widget]");
  if (event.key === "j" || event.key === "k") return next(widgets, here, event.key === "j" ? 1 : -1);
  if (!here || here !== event.target) return;
  if (event.key === "Enter") here.querySelector<HTMLElement>("[data-drill]")?.click();
  if (event.key === "t") here.querySelector<HTMLElement>("[data-twin-toggle]")?.click();
  if (event.key === "f") here.querySelector<HTMLElement>("[data-full-screen]")?.click();
});
document.addEventListener("click", (event) => {
  if (menu && !menu.contains(event.target as Node) && event.timeStamp - opened > 50) menu.remove();
  const button = (event.target as HTMLElement).closest?.("[data-full-screen=board]");
  if (button) void document.getElementById("board")?.requestFullscreen();
});

function next(widgets: HTMLElement[], here: HTMLElement | null | undefined, step: number): void {
  const at = here ? widgets.indexOf(here) + step : 0;
  const found = widgets[Math.min(Math.max(at, 0), widgets.length - 1)];
  found?.focus({ preventScroll: true });
  found?.scrollIntoView({ block: "nearest" });
}

function pressed(target: HTMLElement): void {
  const widget = target.closest<HTMLElement>("[data-widget]");
  if (!widget) return;
  if (target.closest("[data-again]")) widget.querySelector(".inside")?.dispatchEvent(new CustomEvent("again"));
  const toggle = target.closest<HTMLElement>("[data-twin-toggle]");
  if (toggle) showTwin(widget, toggle);
  if (target.closest("[data-full-screen]")) void widget.requestFullscreen();
  if (target.closest("[data-png]") && !widget.querySelector("[data-island=chart]")) void savedTable(widget);
  if (target.closest(".widget-foot .panel")) target.closest("details")?.removeAttribute("open");
}

function showTwin(widget: HTMLElement, toggle: HTMLElement): void {
  const twin = widget.querySelector<HTMLElement>("[data-twin]");
  const chart = widget.querySelector<HTMLElement>(".drawn-chart");
  if (!twin || !chart) return;
  twin.hidden = !twin.hidden;
  chart.hidden = !twin.hidden;
  toggle.setAttribute("aria-pressed", String(!twin.hidden));
  toggle.textContent = twin.hidden ? "As a table" : "As a chart";
  if (!twin.hidden) twin.querySelector<HTMLElement>("[tabindex]")?.focus();
}

function failed(inside: HTMLElement): void {
  if (!inside.matches(".inside")) return;
  inside.innerHTML = '<div class="state"><p role="alert"><strong>Not shown.</strong> The server did not answer.</p><p><button type="button" data-again>Ask again</button></p></div>';
}

let menu: HTMLElement | undefined;
let opened = 0;

/** A menu at a mark: its rows, and where it says something of accounts, the page for these alone. */
function offer(chart: HTMLElement, mark: Mark): void {
  const points = JSON.parse(document.getElementById(chart.dataset.points ?? "")?.textContent ?? "[]") as Point[];
  const [at, crossing, words] = points[mark.at] ?? ["", "", ""];
  const more = mark.measure ? `&measure=${encodeURIComponent(mark.measure)}` : "";
  menu?.remove();
  menu = document.createElement("div");
  menu.className = "panel point-menu";
  menu.append(heading(words), link(`${chart.dataset.rows}&${at}${more}`, "Rows behind it"));
  if (crossing) menu.append(link(`${chart.dataset.page}&${crossing}`, "Only this on the page"));
  const frame = chart.getBoundingClientRect();
  const left = Math.min(frame.left + mark.x, document.documentElement.clientWidth - 240);
  menu.style.left = `${left + scrollX}px`;
  menu.style.top = `${frame.top + mark.y + scrollY + 6}px`;
  (document.fullscreenElement ?? document.body).append(menu);
  opened = performance.now();
  menu.querySelector("a")?.focus();
}

function heading(words: string): HTMLElement {
  const found = document.createElement("p");
  found.textContent = words;
  return found;
}

function link(address: string, words: string): HTMLElement {
  const found = document.createElement("a");
  found.href = address;
  found.textContent = words;
  return found;
}
