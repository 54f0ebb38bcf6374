// Bundles every entry point into the package's static files.
import { build } from "esbuild";

await build({
  entryPoints: ["src/keepwell.ts", "src/charts.ts", "src/keepwell.css"],
  outdir: "../src/keepwell/apps/ui/static/keepwell/dist",
  bundle: true,
  minify: true,
  target: "es2022",
  format: "iife", // plain scripts share their names: each keeps its own to itself
  legalComments: "linked",
  logLevel: "warning",
});

// Runs in pages of others: one file that leaves no names behind
await build({
  entryPoints: ["src/snippet.ts", "src/asking.ts"],
  outdir: "../src/keepwell/apps/ui/static/keepwell/dist",
  bundle: true,
  minify: true,
  target: "es2020",
  format: "iife",
  logLevel: "warning",
});
