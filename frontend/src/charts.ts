/** What pages with a chart load: <div data-island="chart" data-option="id-of-json" data-name="file-name">, drawn with ECharts as
 *  SVG in one theme made of the tokens. Colours in options are written token:accent, or token:accent/40 for so many per cent of
 *  it on paper; formatters text (of the mark), compact and percent. Beside it, a button data-png saves it. A mark that has an
 *  `at` tells chart:mark when it is clicked. */
import { BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { island, startIslands } from "./islands";

use([BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart]);
use([AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function token(name: string): string {
  const [own, share] = name.split("/");
  const found = getComputedStyle(document.documentElement).getPropertyValue(`--${own}`).trim();
  return share ? mixed(found, token("paper"), Number(share) / 100) : found;
}

/** So much of one colour on another, both written #rrggbb. */
function mixed(colour: string, ground: string, share: number): string {
  const parts = (text: string) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const under = parts(ground);
  const whole = parts(colour).map((part, at) => Math.round(part * share + under[at] * (1 - share)));
  return `#${whole.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const FORMATTERS: Record<string, (given: any) => string> = {
  text: (mark) => mark.data?.text ?? "",
  compact: (value) => short.format(value).replace("-", "−").replace("K", "k"),
  percent: (value) => `${Math.round(value * 1000) / 10} %`,
};

/** The option with every token:name replaced by the colour it has now, and formatters by what they name. */
function coloured(found: Json): any {
  if (typeof found === "string") return found.startsWith("token:") ? token(found.slice(6)) : found;
  if (Array.isArray(found)) return found.map(coloured);
  if (found && typeof found === "object") {
    return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, key === "formatter" ? formatter(value) : coloured(value)]));
  }
  return found;
}

function formatter(given: Json): unknown {
  return typeof given === "string" ? FORMATTERS[given] ?? given : given;
}

/** What a tooltip says of marks that bring their words. */
function words(given: any): string {
  const marks = (Array.isArray(given) ? given : [given]).filter((mark) => mark.data?.text);
  if (!marks.length) return "";
  const alone = marks.length === 1 && marks[0].seriesType !== "line" && marks[0].seriesType !== "bar";
  if (alone) return [marks[0].name, marks[0].data.text].filter((text: string) => text && !text.includes(":") || text === marks[0].data.text).join("\n");
  return [marks[0].axisValueLabel ?? marks[0].name, ...marks.map((mark) => `${mark.seriesName}: ${mark.data.text}`)].join("\n");
}

function axis(kind: "x" | "y", given: object | undefined): object {
  const lines = { axisLine: { show: kind === "x", lineStyle: { color: token("line") } }, axisTick: { show: false } };
  const split = { splitLine: { show: kind === "y", lineStyle: { color: token("line") } } };
  const label = { color: token("ink-2"), hideOverlap: true, ...(given as any)?.axisLabel };
  return { ...lines, ...split, nameTextStyle: { color: token("ink-2") }, ...given, axisLabel: label };
}

function themed(option: { [key: string]: any }): object {
  return {
    animation: false,
    color: [token("accent"), token("ink-2"), token("bar")],
    textStyle: { color: token("ink"), fontFamily: getComputedStyle(document.body).fontFamily },
    aria: { enabled: true },
    ...option,
    grid: { left: 40, right: 24, top: 16, bottom: 28, ...option.grid },
    ...(option.legend && { legend: { textStyle: { color: token("ink-2") }, pageTextStyle: { color: token("ink-2") }, ...option.legend } }),
    ...(option.xAxis && { xAxis: axis("x", option.xAxis), yAxis: axis("y", option.yAxis) }), // a Sankey has none
    tooltip: {
      renderMode: "richText",
      trigger: "axis",
      backgroundColor: token("paper"),
      borderColor: token("line"),
      textStyle: { color: token("ink"), fontSize: 12 },
      ...option.tooltip,
    },
  };
}

/** The chart on paper, below its title where it has one. */
async function savePicture(chart: ReturnType<typeof init>, name: string, title = ""): Promise<void> {
  const drawn = new XMLSerializer().serializeToString(chart.getDom().querySelector("svg")!);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  const above = title ? 64 : 0;
  [canvas.width, canvas.height] = [chart.getWidth() * 2, chart.getHeight() * 2 + above];
  const pen = canvas.getContext("2d")!;
  pen.fillStyle = token("paper");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, above, canvas.width, canvas.height - above);
  pen.fillStyle = token("ink");
  pen.font = `600 30px ${getComputedStyle(document.body).fontFamily}`;
  pen.fillText(title, 16, 44);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${name}.png`;
  link.click();
}

/** Words of axes take the room they need; a legend stands above. */
function roomy(option: { [key: string]: any }): { [key: string]: any } {
  const top = option.legend ? 34 : 16;
  return { ...option, grid: { left: 8, right: 12, bottom: option.xAxis?.name ? 28 : 8, top, outerBoundsMode: "same", outerBoundsContain: "axisLabel", ...option.grid },
    tooltip: { ...option.tooltip, formatter: words, confine: true } };
}

function optionOf(element: HTMLElement): { [key: string]: any } | undefined {
  const source = document.getElementById(element.dataset.option ?? "");
  return source?.textContent ? JSON.parse(source.textContent) : undefined;
}

island("chart", (element) => {
  const { needs, ends, ...given } = optionOf(element) ?? {};
  if (!Object.keys(given).length) return;
  if (needs) element.style.height = `${Math.max(needs.rows * 26 + 56, element.clientHeight)}px`;
  if (needs) element.style.minWidth = `${needs.columns * 72 + 150}px`; // the frame scrolls
  const chart = init(element, undefined, { renderer: "svg" });
  const marked = "points" in element.dataset;
  const draw = () => {
    const option = themed(marked ? roomy(coloured(given)) : coloured(given)) as any;
    chart.setOption(ends ? { ...option, title: titled(ends) } : option, true);
  };
  draw();
  new ResizeObserver(() => chart.resize()).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  chart.on("click", (mark: any) => {
    if (mark.data?.at === undefined) return;
    const { offsetX, offsetY } = mark.event;
    const detail = { at: mark.data.at, measure: mark.data.measure, x: offsetX, y: offsetY };
    element.dispatchEvent(new CustomEvent("chart:mark", { detail, bubbles: true }));
  });
  const frame = element.closest("[data-widget]") ?? element.parentElement;
  const button = frame?.querySelector("[data-png]");
  button?.addEventListener("click", () => void savePicture(chart, element.dataset.name ?? "chart", frame?.querySelector("h2")?.textContent ?? ""));
});

/** What both sides of a chart of moves are. */
function titled(ends: string[]): object[] {
  const style = { textStyle: { color: token("ink-2"), fontSize: 12, fontWeight: 400 }, top: 4, padding: 0 };
  return [{ ...style, text: ends[0], left: 8 }, { ...style, text: ends[1], right: 8 }];
}

startIslands(document);
document.addEventListener("htmx:after:swap", () => startIslands(document));
