/** What pages with a chart load: <div data-island="chart" data-option="id-of-json"> drawn with ECharts as SVG. */
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { island, startIslands } from "./islands";

use([BarChart, LineChart, ScatterChart, AriaComponent, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

island("chart", (element) => {
  const source = document.getElementById(element.dataset.option ?? "");
  if (!source?.textContent) return;
  const chart = init(element, undefined, { renderer: "svg" });
  const option = JSON.parse(source.textContent);
  chart.setOption({
    animation: false,
    textStyle: { color: token("--ink"), fontFamily: "inherit" },
    grid: { left: 40, right: 24, top: 16, bottom: 28 },
    ...option,
    tooltip: { renderMode: "richText", trigger: "axis", ...option.tooltip },
    aria: { enabled: true },
  });
  new ResizeObserver(() => chart.resize()).observe(element);
});
startIslands(document);
document.addEventListener("htmx:after:swap", () => startIslands(document));
