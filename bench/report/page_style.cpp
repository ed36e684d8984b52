#include "bench/report/page_parts.h"

namespace mlpbench {

// Okabe and Ito's colours, a little darker on white and lighter on black, so that each has a contrast of 3 to
// its ground. No colour is the only bearer of a meaning: markers and words differ as well.
const Literal kPageStyle = R"CSS(
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f8fa; --text: #1c2128; --muted: #59636e; --line: #d5dbe1; --link: #0060a0;
  --good: #00714f; --bad: #b3420a; --good-ground: #e3f5ee; --bad-ground: #fdebe0; --plain-ground: #eceff2;
  --grid: #e6e9ed; --band: #dfe3e8;
  --s1: #0072b2; --s2: #d55e00; --s3: #008f68; --s4: #b8588f; --s5: #b97a00; --s6: #6b7480;
  --heat: 0, 114, 178;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1419; --raised: #171d24; --text: #e4e8ed; --muted: #9ba6b2; --line: #2f3842; --link: #6cb8f0;
    --good: #3ecf9f; --bad: #ff9a62; --good-ground: #10291f; --bad-ground: #331d10; --plain-ground: #222a33;
    --grid: #252d36; --band: #313b46;
    --s1: #56b4e9; --s2: #f5874a; --s3: #2fc497; --s4: #e08fc0; --s5: #e8b023; --s6: #a9b3bf;
    --heat: 86, 180, 233;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
a { color: var(--link); text-underline-offset: 2px; }
.layout { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 92rem; margin: 0 auto; padding: 0 1rem; gap: 0 2.5rem; }
main { min-width: 0; padding-bottom: 4rem; }
header.top { padding: 2rem 0 0.5rem; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 0.9rem; letter-spacing: -0.01em; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 0.75rem; padding-top: 1rem; border-top: 1px solid var(--line); letter-spacing: -0.005em; }
h3 { font-size: 1rem; margin: 2rem 0 0.5rem; }
p { margin: 0.6rem 0; max-width: 78ch; }
.verdict { display: flex; flex-wrap: wrap; gap: 0.6rem 0.9rem; align-items: baseline; border: 1px solid var(--line); border-left: 5px solid var(--muted);
  border-radius: 6px; background: var(--raised); padding: 0.8rem 1rem; margin: 0.6rem 0; }
.verdict p { margin: 0; flex: 1 1 24rem; max-width: none; }
.verdict .word { font-weight: 700; letter-spacing: 0.04em; padding: 0.05rem 0.6rem; border-radius: 4px; background: var(--plain-ground); }
.verdict.good { border-left-color: var(--good); } .verdict.good .word { color: var(--good); background: var(--good-ground); }
.verdict.bad { border-left-color: var(--bad); } .verdict.bad .word { color: var(--bad); background: var(--bad-ground); }
.meta { color: var(--muted); font-size: 0.875rem; overflow-wrap: anywhere; }
nav.contents { font-size: 0.875rem; padding: 0.4rem 0 0; }
nav.contents ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; }
nav.contents a { color: var(--muted); text-decoration: none; display: inline-block; padding: 0.15rem 0; }
nav.contents a:hover, nav.contents a:focus { color: var(--text); text-decoration: underline; }
@media (min-width: 72rem) {
  .layout { grid-template-columns: 9rem minmax(0, 1fr); gap: 0 1.2rem; }
  nav.contents { position: sticky; top: 0; align-self: start; padding-top: 2.4rem; max-height: 100vh; overflow-y: auto; }
  nav.contents ol { flex-direction: column; gap: 0.1rem; border-left: 1px solid var(--line); padding-left: 0.9rem; }
}
.scroll { overflow-x: auto; margin: 0.6rem 0; border: 1px solid var(--line); border-radius: 6px; }
.scroll.fit { width: fit-content; max-width: 100%; }
.scroll:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: separate; border-spacing: 0; font-size: 0.76rem; line-height: 1.4; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.28rem; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; background: var(--raised); font-weight: 600; white-space: normal; vertical-align: bottom; min-width: 3rem; }
thead th.long { min-width: 8rem; }
th.left, td.left { text-align: left; }
tbody th { font-weight: 600; text-align: left; }
tbody th, thead th:first-child { position: sticky; left: 0; background: var(--ground); z-index: 1; }
thead th:first-child { background: var(--raised); }
tbody tr:hover td, tbody tr:hover th { background: var(--raised); }
td.remark { color: var(--muted); text-align: left; white-space: normal; font-style: italic; }
td.loose { white-space: normal; }
td.wrap { white-space: normal; min-width: 14rem; overflow-wrap: anywhere; }
td.good { color: var(--good); } td.bad { color: var(--bad); font-weight: 600; }
table.facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
table.heat { width: auto; } table.heat td, table.heat thead th { min-width: 2.6rem; text-align: center; }
td.heat0 { color: var(--muted); } td.heat1 { background: rgba(var(--heat), 0.12); } td.heat2 { background: rgba(var(--heat), 0.22); }
td.heat3 { background: rgba(var(--heat), 0.32); } td.heat4 { background: rgba(var(--heat), 0.42); } td.heat5 { background: rgba(var(--heat), 0.55); font-weight: 600; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; cursor: pointer; text-align: inherit; }
th[aria-sort="ascending"] button::after { content: " ▲"; } th[aria-sort="descending"] button::after { content: " ▼"; }
th button:hover { text-decoration: underline; }
figure { margin: 1.2rem 0 0.4rem; }
figcaption { color: var(--muted); font-size: 0.86rem; max-width: 90ch; margin-top: 0.5rem; }
figcaption b { color: var(--text); font-weight: 600; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr)); gap: 1.1rem 1.4rem; }
.panels.small { grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); }
.panel { min-width: 0; break-inside: avoid; }
.panel h4 { margin: 0 0 0.2rem; font-size: 0.88rem; font-weight: 600; overflow-wrap: anywhere; }
svg.plot { display: block; width: 100%; height: auto; max-width: 36rem; fill: none; stroke: currentColor; stroke-width: 1; color: var(--text); }
svg.plot text { stroke: none; fill: var(--text); font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
svg.plot g[font-size] text { font-size: inherit; }
svg.plot use { stroke: none; }
svg.plot use.c-class0, svg.plot use.c-class1 { stroke: #fff; stroke-width: 0.4; paint-order: stroke; }
svg.markers { position: absolute; }
ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; margin: 0 0 0.7rem; padding: 0; font-size: 0.86rem; }
ul.legend li { display: inline-flex; align-items: center; gap: 0.35rem; overflow-wrap: anywhere; }
svg.mark { flex: none; fill: none; } .swatch { width: 14px; height: 12px; border-radius: 2px; background: var(--band); display: inline-block; }
.dash { width: 18px; height: 0; border-top: 2px dashed var(--muted); display: inline-block; }
details { margin: 0.6rem 0; } summary { cursor: pointer; color: var(--link); font-size: 0.9rem; width: fit-content; }
.note { color: var(--muted); } .none { color: var(--muted); font-style: italic; }
ul.plain { margin: 0.6rem 0; padding-left: 1.1rem; max-width: 90ch; } ul.plain li { margin: 0.25rem 0; overflow-wrap: anywhere; }
ul.warnings { list-style: none; padding: 0; margin: 0.8rem 0; font-size: 0.9rem; }
ul.warnings li { background: var(--bad-ground); border-left: 4px solid var(--bad); border-radius: 4px; padding: 0.35rem 0.75rem; margin: 0.35rem 0; overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 0.7rem 0.9rem; overflow-x: auto; font: 0.84rem/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; }
button.action { font: inherit; font-size: 0.9rem; color: var(--link); background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 0.35rem 0.8rem; cursor: pointer; }
footer { color: var(--muted); font-size: 0.85rem; margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.s-none { stroke: none; } .f-none { fill: none; }
.s-text { stroke: var(--text); } .f-text, svg.plot .f-text text { fill: var(--text); } .c-text { color: var(--text); }
.s-muted { stroke: var(--muted); } .f-muted, svg.plot .f-muted text { fill: var(--muted); } .c-muted { color: var(--muted); }
.s-grid { stroke: var(--grid); } .f-grid { fill: var(--grid); } .c-grid { color: var(--grid); }
.s-band { stroke: var(--band); } .f-band { fill: var(--band); } .c-band { color: var(--band); }
.s-contour { stroke: #303030; } .f-contour { fill: #303030; } .c-contour { color: #303030; }
.s-class0 { stroke: #0072b2; } .f-class0 { fill: #0072b2; } .c-class0 { color: #0072b2; }
.s-class1 { stroke: #d55e00; } .f-class1 { fill: #d55e00; } .c-class1 { color: #d55e00; }
.s-s1 { stroke: var(--s1); } .f-s1 { fill: var(--s1); } .c-s1 { color: var(--s1); }
.s-s2 { stroke: var(--s2); } .f-s2 { fill: var(--s2); } .c-s2 { color: var(--s2); }
.s-s3 { stroke: var(--s3); } .f-s3 { fill: var(--s3); } .c-s3 { color: var(--s3); }
.s-s4 { stroke: var(--s4); } .f-s4 { fill: var(--s4); } .c-s4 { color: var(--s4); }
.s-s5 { stroke: var(--s5); } .f-s5 { fill: var(--s5); } .c-s5 { color: var(--s5); }
.s-s6 { stroke: var(--s6); } .f-s6 { fill: var(--s6); } .c-s6 { color: var(--s6); }
@media print {
  :root { --ground: #fff; --raised: #f6f8fa; --text: #000; --muted: #444; --line: #bbb; --link: #000; --grid: #e2e2e2; --band: #dcdcdc;
    --good: #00553b; --bad: #8a3000; --good-ground: #fff; --bad-ground: #fff; --plain-ground: #fff;
    --s1: #0072b2; --s2: #d55e00; --s3: #008f68; --s4: #b8588f; --s5: #b97a00; --s6: #6b7480; --heat: 0, 114, 178; color-scheme: light; }
  @page { size: A4 landscape; margin: 12mm; }
  body { font-size: 10pt; } .layout { display: block; padding: 0; max-width: none; }
  nav.contents, button.action, summary { display: none; }
  h2, h3, h4, .legend { break-after: avoid; } h2 { margin-top: 1.4rem; } figcaption { break-before: avoid; } .panel, tr, .verdict { break-inside: avoid; }
  .scroll { overflow: visible; border: 0; } table { font-size: 7.5pt; } th, td { padding: 0.15rem 0.3rem; }
  .panels { grid-template-columns: repeat(3, 1fr); }
}
)CSS";

}  // namespace mlpbench
