/** Colours of the page. Text has a contrast of at least 4.5 : 1 and shapes of 3 : 1 to what is behind them (WCAG 2.2 AA). */
export interface Palette {
  readonly background: string;
  readonly raised: string;
  readonly line: string;
  readonly text: string;
  readonly muted: string;
  readonly blue: string;
  readonly green: string;
  /** Text on the two slots' colours. */
  readonly onSlot: string;
  readonly passed: string;
  readonly failed: string;
  readonly inconclusive: string;
}

export const LIGHT: Palette = {
  background: "#ffffff",
  raised: "#f4f6f8",
  line: "#d0d7de",
  text: "#1b1f24",
  muted: "#545d68",
  blue: "#0b5cad",
  green: "#1a7036",
  onSlot: "#ffffff",
  passed: "#1a7036",
  failed: "#b3261e",
  inconclusive: "#7a5200",
};

export const DARK: Palette = {
  background: "#0d1117",
  raised: "#161b22",
  line: "#3a424c",
  text: "#e6edf3",
  muted: "#9aa4af",
  blue: "#58a6ff",
  green: "#56d364",
  onSlot: "#0d1117",
  passed: "#56d364",
  failed: "#ff8a80",
  inconclusive: "#e3b341",
};

const variables = (palette: Palette) =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");

/** Paper is white, whatever the screen was. */
export const STYLE = `
:root{color-scheme:light dark;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--background);color:var(--text);font:15px/1.5 system-ui,"Segoe UI","DejaVu Sans",sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.5rem 0 .5rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem;overflow-wrap:anywhere}
p{margin:.25rem 0}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem;margin:.75rem 0}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
.muted{color:var(--muted)}
a{color:inherit}
.verification{border:1px solid var(--line);border-left:.4rem solid;border-radius:.3rem;padding:.5rem .75rem;background:var(--raised);overflow-wrap:anywhere}
.verification.ok{border-left-color:var(--passed)}
.verification.bad{border-left-color:var(--failed)}
.passed{color:var(--passed)}
.failed{color:var(--failed)}
.inconclusive{color:var(--inconclusive)}
section.rollout{border-top:1px solid var(--line)}
figure{margin:.5rem 0}
figure.wide{overflow-x:auto}
figure.wide svg{min-width:44rem}
figcaption{color:var(--muted);font-size:.87rem}
.gates{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:.5rem 1.5rem}
.gates figcaption{overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font:12px system-ui,"Segoe UI","DejaVu Sans",sans-serif;fill:var(--muted)}
svg .on{fill:var(--onSlot);font-weight:600}
ol.events{list-style:none;margin:.5rem 0;padding:0}
ol.events>li{padding:.3rem 0 .3rem .75rem;border-left:2px solid var(--line);overflow-wrap:anywhere}
ol.events ul{margin:.15rem 0;padding-left:1.25rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.87rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line)}
td{overflow-wrap:anywhere;min-width:6rem}
td.number{min-width:2rem}
code{font:.8rem ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
@media print{
:root{color-scheme:light;${variables(LIGHT)}}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:10pt}
main{max-width:none;padding:0}
.scroll,figure.wide{overflow:visible}
figure.wide svg{min-width:0}
figure,tr,ol.events>li{break-inside:avoid}
h2,h3,section.rollout>p{break-after:avoid}
.gates{grid-template-columns:1fr 1fr}
thead{display:table-header-group}
}`;
