/** A widget without a chart as a picture: its title, its number, or the lines of its table. */
const LINE = 26;
const PAD = 16;

export async function savedTable(widget: HTMLElement): Promise<void> {
  const lines = linesOf(widget);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d")!;
  const font = `13px ${getComputedStyle(document.body).fontFamily}`;
  pen.font = font;
  const widths = widthsOf(lines.slice(1), pen);
  const width = Math.max(widths.reduce((sum, one) => sum + one, 0), pen.measureText(lines[0][0]).width * 1.3) + 2 * PAD;
  const height = lines.length * LINE + 2 * PAD;
  [canvas.width, canvas.height] = [width * 2, height * 2];
  pen.scale(2, 2);
  pen.fillStyle = token("paper");
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = token("ink");
  lines.forEach((cells, row) => {
    pen.font = row === 0 ? font.replace("13px", "600 15px") : font;
    let x = PAD;
    cells.forEach((text, column) => {
      pen.fillText(text, x, PAD + row * LINE + 15);
      x += widths[column] ?? 0;
    });
  });
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${widget.dataset.widget ?? "widget"}.png`;
  link.click();
}

function linesOf(widget: HTMLElement): string[][] {
  const title = [widget.querySelector("h2")?.textContent?.trim() ?? ""];
  const big = [...widget.querySelectorAll(".big, .change")].map((one) => [one.textContent?.replace(/\s+/g, " ").trim() ?? ""]);
  const rows = [...widget.querySelectorAll("table tr")].map((row) =>
    [...row.querySelectorAll("th, td:not(.doing)")].map((cell) => cell.textContent?.trim() ?? "").filter((_, at, all) => at < all.length),
  );
  return [title, ...big, ...rows.map((cells, at) => (at === 0 ? cells.slice(0, -1) : cells))];
}

function widthsOf(lines: string[][], pen: CanvasRenderingContext2D): number[] {
  const columns = Math.max(0, ...lines.map((cells) => cells.length));
  return Array.from({ length: columns }, (_, at) => Math.max(...lines.map((cells) => pen.measureText(cells[at] ?? "").width)) + 24);
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
