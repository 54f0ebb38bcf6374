/**
 * <div data-island="curve" data-path="groups/g/measures/m/score" data-shape="linear|steps">: draws the shape that the
 * inputs named path/row/0 (value) and path/row/1 (score) say, again with every key.
 */
import { island } from "./islands";

type Point = [number, number];
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 240;
const HEIGHT = 72;
const PAD = 6;

function pointsOf(form: HTMLFormElement, path: string): Array<[number | null, number]> {
  const found: Array<[number | null, number]> = [];
  for (let row = 0; ; row += 1) {
    const value = form.elements.namedItem(`${path}/${row}/0`);
    const score = form.elements.namedItem(`${path}/${row}/1`);
    if (!(value instanceof HTMLInputElement) || !(score instanceof HTMLInputElement)) return found;
    const at = value.value.trim() === "" ? null : Number(value.value);
    if (score.value.trim() !== "" && !Number.isNaN(Number(score.value)) && !Number.isNaN(at ?? 0)) found.push([at, Number(score.value)]);
  }
}

function linear(rows: Array<[number | null, number]>): Point[] {
  const known = rows.filter((row): row is Point => row[0] !== null);
  if (!known.length) return [];
  const room = (known[known.length - 1][0] - known[0][0] || 1) * 0.08;
  return [[known[0][0] - room, known[0][1]], ...known, [known[known.length - 1][0] + room, known[known.length - 1][1]]];
}

function steps(rows: Array<[number | null, number]>): Point[] {
  const edges = rows.map((row) => row[0]).filter((edge): edge is number => edge !== null);
  if (!edges.length) return [];
  const room = (edges[edges.length - 1] - edges[0] || Math.abs(edges[0]) || 1) * 0.25;
  const points: Point[] = [];
  let left = edges[0] - room;
  for (const [edge, score] of rows) {
    const right = edge ?? edges[edges.length - 1] + room;
    points.push([left, score], [right, score]);
    left = right;
  }
  return points;
}

function element(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

function drawing(points: Point[]): SVGElement {
  const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + 14}`, class: "curve-drawing" });
  const low = Math.min(...points.map((point) => point[0]));
  const high = Math.max(...points.map((point) => point[0]));
  const x = (value: number) => PAD + ((value - low) / (high - low || 1)) * (WIDTH - 2 * PAD);
  const y = (score: number) => PAD + (1 - Math.min(100, Math.max(0, score)) / 100) * (HEIGHT - 2 * PAD);
  for (const score of [0, 50, 100]) svg.append(element("line", { x1: PAD, x2: WIDTH - PAD, y1: y(score), y2: y(score), class: "grid" }));
  svg.append(element("polyline", { points: points.map(([value, score]) => `${x(value)},${y(score)}`).join(" "), class: "line" }));
  const round = (value: number) => String(Number(value.toPrecision(3)));
  svg.append(element("text", { x: PAD, y: HEIGHT + 10 }, round(low)));
  svg.append(element("text", { x: WIDTH - PAD, y: HEIGHT + 10, "text-anchor": "end" }, round(high)));
  return svg;
}

const drawn = new WeakMap<HTMLElement, () => void>();

island("curve", (holder) => {
  const again = drawn.get(holder); // a swap that kept the element emptied it
  if (again) return again();
  const form = holder.closest("form");
  const path = holder.dataset.path ?? "";
  if (!form) return;
  const draw = () => {
    const rows = pointsOf(form, path);
    const points = holder.dataset.shape === "steps" ? steps(rows) : linear(rows);
    holder.replaceChildren(...(points.length ? [drawing(points)] : []));
  };
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name.startsWith(`${path}/`)) draw();
  });
  drawn.set(holder, draw);
  draw();
});
