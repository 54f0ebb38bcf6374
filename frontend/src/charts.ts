/** What pages with a chart load: <div data-island="chart" data-option="id-of-json" data-name="file-name">, drawn with ECharts as
 *  SVG in one theme made of the tokens. Colours in options are written token:accent. Beside it, a button data-png saves it. */
import { BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { island, startIslands } from "./islands";

use([BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart]);
use([AriaComponent, GridComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The option with every token:name replaced by the colour it has now. */
function coloured(found: Json): Json {
  if (typeof found === "string") return found.startsWith("token:") ? token(found.slice(6)) : found;
  if (Array.isArray(found)) return found.map(coloured);
  if (found && typeof found === "object") {
    return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, coloured(value)]));
  }
  return found;
}

function axis(kind: "x" | "y", given: object | undefined): object {
  const lines = { axisLine: { show: kind === "x", lineStyle: { color: token("line") } }, axisTick: { show: false } };
  const split = { splitLine: { show: kind === "y", lineStyle: { color: token("line") } } };
  return { ...lines, ...split, axisLabel: { color: token("ink-2"), hideOverlap: true }, ...given };
}

function themed(option: { [key: string]: any }): object {
  return {
    animation: false,
    color: [token("accent"), token("ink-2"), token("bar")],
    textStyle: { color: token("ink"), fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 40, right: 24, top: 16, bottom: 28 },
    aria: { enabled: true },
    ...option,
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

async function savePicture(chart: ReturnType<typeof init>, name: string): Promise<void> {
  const drawn = new XMLSerializer().serializeToString(chart.getDom().querySelector("svg")!);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [chart.getWidth() * 2, chart.getHeight() * 2];
  const pen = canvas.getContext("2d")!;
  pen.fillStyle = token("paper");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${name}.png`;
  link.click();
}

island("chart", (element) => {
  const source = document.getElementById(element.dataset.option ?? "");
  if (!source?.textContent) return;
  const given = JSON.parse(source.textContent) as Json;
  const chart = init(element, undefined, { renderer: "svg" });
  const draw = () => chart.setOption(themed(coloured(given) as { [key: string]: any }), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  const button = element.parentElement?.querySelector("[data-png]");
  button?.addEventListener("click", () => void savePicture(chart, element.dataset.name ?? "chart"));
});
startIslands(document);
document.addEventListener("htmx:after:swap", () => startIslands(document));
