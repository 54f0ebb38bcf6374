/**
 * <div class="widgets" data-island="arrange"> of <section data-tile="name" tabindex="0">, each with a [data-handle] to drag it by and
 * a [data-size] corner, and buttons of <form id="arranging"> named do: left:name, wider:name and so on. #places says where all
 * stand (data-places); a drop, an arrow key and a button end in the same form, whose answer says where they stand then.
 */
import { island } from "./islands";

type Places = Record<string, [x: number, y: number, w: number, h: number]>;
type Cell = { across: number; down: number };

const COLUMNS = 12;
const STEPS: Record<string, [plain: string, shifted: string]> = {
  ArrowLeft: ["left", "narrower"],
  ArrowRight: ["right", "wider"],
  ArrowUp: ["up", "shorter"],
  ArrowDown: ["down", "taller"],
};

function tilesOf(grid: HTMLElement): HTMLElement[] {
  return [...grid.querySelectorAll<HTMLElement>("[data-tile]")];
}

function placesNow(): Places {
  return JSON.parse(document.getElementById("places")?.dataset.places ?? "{}") as Places;
}

/** Puts every tile where it stands; read in the same order as it is seen. */
function place(grid: HTMLElement): void {
  const places = placesNow();
  const focused = document.activeElement as HTMLElement | null;
  for (const tile of tilesOf(grid)) {
    const [x, y, w, h] = places[tile.dataset.tile ?? ""] ?? [0, 0, 4, 4];
    tile.style.gridArea = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
  }
  const inOrder = tilesOf(grid).sort((one, other) => rank(places, one) - rank(places, other));
  if (inOrder.some((tile, at) => tile !== grid.children[at])) grid.append(...inOrder);
  if (focused && focused !== document.activeElement && grid.contains(focused)) focused.focus({ preventScroll: true });
}

function rank(places: Places, tile: HTMLElement): number {
  const [x, y] = places[tile.dataset.tile ?? ""] ?? [0, 0];
  return y * COLUMNS + x;
}

/** How far it is from one column and one row to the next. */
function stride(grid: HTMLElement): Cell {
  const style = getComputedStyle(grid);
  const gap = parseFloat(style.columnGap) || 0;
  return { across: (grid.clientWidth + gap) / COLUMNS, down: (parseFloat(style.gridAutoRows) || 64) + gap };
}

function send(what: string): void {
  const button = document.querySelector<HTMLButtonElement>("#arranging [data-drop]");
  if (!button) return;
  button.value = what;
  button.click();
}

island("arrange", (grid) => {
  place(grid);
  document.addEventListener("htmx:after:swap", () => place(grid));
  grid.addEventListener("keydown", (event) => {
    const tile = event.target as HTMLElement;
    const step = STEPS[event.key]?.[event.shiftKey ? 1 : 0];
    if (!step || !tile.dataset.tile || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    send(`${step}:${tile.dataset.tile}`);
  });
  grid.addEventListener("pointerdown", (event) => {
    const target = event.target as HTMLElement;
    const tile = target.closest<HTMLElement>("[data-tile]");
    const held = target.closest("[data-size]") ? "size" : target.closest("[data-handle]") ? "place" : "";
    if (!tile || !held || event.button !== 0 || getComputedStyle(grid).display !== "grid") return;
    event.preventDefault();
    drag(grid, tile, held, event);
  });
});

/** From taking hold to letting go; what stands in the way makes room when the server has decided how. */
function drag(grid: HTMLElement, tile: HTMLElement, held: string, start: PointerEvent): void {
  const name = tile.dataset.tile ?? "";
  const [x, y, w, h] = placesNow()[name] ?? [0, 0, 4, 4];
  const { across, down } = stride(grid);
  const from = { x: start.pageX, y: start.pageY };
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  let to: [number, number] | undefined;

  const cell = (event: PointerEvent): [number, number] => {
    const right = Math.round((event.pageX - from.x) / across);
    const below = Math.round((event.pageY - from.y) / down);
    if (held === "size") return [Math.min(Math.max(w + right, 1), COLUMNS - x), Math.max(h + below, 1)];
    return [Math.min(Math.max(x + right, 0), COLUMNS - w), Math.max(y + below, 0)];
  };
  const move = (event: PointerEvent) => {
    if (!to && Math.hypot(event.pageX - from.x, event.pageY - from.y) < 4) return;
    if (!to) grid.append(ghost);
    to = cell(event);
    const [first, second] = to;
    ghost.style.gridArea = held === "size" ? `${y + 1} / ${x + 1} / span ${second} / span ${first}` : `${second + 1} / ${first + 1} / span ${h} / span ${w}`;
    if (held === "place") tile.style.transform = `translate(${event.pageX - from.x}px, ${event.pageY - from.y}px)`;
    tile.classList.add("held");
    if (event.clientY > innerHeight - 48) scrollBy(0, 12);
    else if (event.clientY < 48) scrollBy(0, -12);
  };
  const end = (event?: PointerEvent) => {
    ghost.remove();
    tile.style.transform = "";
    tile.classList.remove("held");
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", drop);
    document.removeEventListener("pointercancel", cancel);
    document.removeEventListener("keydown", escape, true);
    if (event && to) send(`${held}:${name}:${to[0]}:${to[1]}`);
    else if (event) tile.focus();
  };
  const drop = (event: PointerEvent) => end(event);
  const cancel = () => end();
  const escape = (event: KeyboardEvent) => {
    if (event.key === "Escape") end();
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", cancel);
  document.addEventListener("keydown", escape, true);
}
