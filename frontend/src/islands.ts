/** Islands: an element with data-island="name" is handed to the function of that name, once, also after a swap. */
type Island = (element: HTMLElement) => void;

const known = new Map<string, Island>();

export function island(name: string, start: Island): void {
  known.set(name, start);
}

export function startIslands(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-island]:not([data-started])")) {
    const start = known.get(element.dataset.island ?? "");
    if (start) {
      element.dataset.started = "";
      start(element);
    }
  }
}
