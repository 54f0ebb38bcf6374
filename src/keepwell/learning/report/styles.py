"""The look of the page: one style sheet, light or dark as the reader's system is."""

STYLES = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #5c6670; --line: #d9dee3; --paper: #ffffff; --tint: #f4f6f8;
  --new: #1f6fb2; --old: #9a6b1f; --bad: #b03a2e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa4ae; --line: #39424b; --paper: #14181c;
  --tint: #1d2329; --new: #6db3ee; --old: #d8a650; --bad: #ef8b80; } }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
p, li { max-width: 46rem; } .soft { color: var(--soft); }
.verdict { padding: .75rem 1rem; background: var(--tint); border-left: 4px solid var(--new); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; } th, td { padding: .3rem .7rem .3rem 0; text-align: left;
  vertical-align: top; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: .85rem/1.4 ui-monospace, monospace; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: .5rem 1.5rem; }
.grid section { min-width: 0; } h4 { margin: .75rem 0 .1rem; font-size: .9rem; }
.coded { margin: .1rem 0; font-size: .8rem; overflow-wrap: anywhere; color: var(--soft); }
details { margin: .35rem 0; } summary { cursor: pointer; }
svg { max-width: 100%; height: auto; display: block; margin: .5rem 0; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg text.name { fill: var(--ink); font-size: 12px; }
.bar { fill: var(--new); opacity: .75; } .whisker { stroke: var(--ink); }
.base { stroke: var(--old); stroke-dasharray: 4 3; }
.old { fill: none; stroke: var(--old); stroke-width: 2; stroke-dasharray: 5 4; }
.new { fill: none; stroke: var(--new); stroke-width: 2.5; }
.dot { fill: var(--new); } .ring { fill: none; stroke: var(--old); stroke-width: 2; }
.interval { stroke: var(--new); stroke-width: 6; opacity: .3; }
"""
