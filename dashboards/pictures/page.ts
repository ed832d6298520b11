import { heatmapOf, statesOf, tableOf } from "./cells";
import { formatted } from "./format";
import type { CommittedPanel, PanelData } from "./panel-data";
import { plotOf, type Plot } from "./plots";
import type { Span } from "./prometheus-api";

export const WIDTH = 1120;
/** Pixels of a row of Grafana's grid, and between panels. */
const ROW = 25;
const GAP = 8;
const MOST_IN_LEGEND = 6;

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export interface PageSpec {
  readonly title: string;
  readonly panels: readonly PanelData[];
  readonly span: Span;
  /** What the data is and how it was drawn: every picture says that it is no screenshot. */
  readonly note: string;
}

/** The page that becomes a picture, and the plots that its script draws, by the id of their element. */
export function pageOf({ title, panels, span, note }: PageSpec): {
  html: string;
  plots: Record<string, Plot>;
} {
  const plots: Record<string, Plot> = {};
  const cells = panels.map((data, i) => {
    const { panel } = data;
    if (panel.type === "row") return cell(panel, "row", `<h2>${escaped(panel.title)}</h2>`);
    return cell(panel, "panel", `<h3>${escaped(panel.title)}</h3>${content(data, span, `plot${i}`, plots)}`);
  });
  const bottom = Math.max(...panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));
  const html = `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>
<body><header><h1>${escaped(title)}</h1><p>${escaped(note)}</p></header>
<main style="height:${bottom * ROW}px">${cells.join("\n")}</main></body>`;
  return { html, plots };
}

function cell({ gridPos: { x, y, w, h } }: CommittedPanel, kind: string, html: string): string {
  const column = WIDTH / 24;
  const place = [
    `left:${x * column}px`,
    `top:${y * ROW}px`,
    `width:${w * column - GAP}px`,
    `height:${h * ROW - GAP}px`,
  ];
  return `<section class="${kind}" style="${place.join(";")}">${html}</section>`;
}

function content(data: PanelData, span: Span, id: string, plots: Record<string, Plot>): string {
  const { panel, series } = data;
  const { unit, noValue } = panel.fieldConfig.defaults;
  if (series.length === 0) return `<div class="empty">${escaped(noValue)}</div>`;
  switch (panel.type) {
    case "stat":
      return `<div class="stats">${series.map(({ name, value }) => stat(name, Number(value![1]), unit, series.length)).join("")}</div>`;
    case "table":
      return table(tableOf(data));
    case "state-timeline":
      return states(statesOf(data, span));
    case "heatmap":
      return heatmap(heatmapOf(data, span));
    default:
      plots[id] = plotOf(data, span);
      return `<div class="plot" id="${id}"></div>${legend(plots[id])}`;
  }
}

const stat = (name: string, value: number, unit: string, among: number) =>
  `<div><b>${escaped(formatted(value, unit))}</b>${among > 1 ? `<span>${escaped(name)}</span>` : ""}</div>`;

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll"><table>${line("th", head)}${rows.map((row) => line("td", row)).join("")}</table></div>`;
}

function states({ rows, meanings }: ReturnType<typeof statesOf>): string {
  const bars = rows.map(
    ({ name, stretches }) =>
      `<div class="state"><span>${escaped(name)}</span><i>${stretches
        .map(({ share, color }) => `<b style="width:${share * 100}%;background:${color ?? "#fff"}"></b>`)
        .join("")}</i></div>`,
  );
  const keys = meanings.map(
    ({ text, color }) => `<span><i style="background:${color}"></i>${escaped(text)}</span>`,
  );
  return `<div class="states">${bars.join("")}</div><div class="legend">${keys.join("")}</div>`;
}

function heatmap(rows: readonly { bound: string; shares: readonly number[] }[]): string {
  const line = ({ bound, shares }: (typeof rows)[number]) =>
    `<div class="heat"><span>${escaped(bound)}</span><i>${shares
      .map(
        (share) =>
          `<b style="background:rgba(31,96,196,${share === 0 ? 0 : (0.12 + 0.88 * Math.sqrt(share)).toFixed(3)})"></b>`,
      )
      .join("")}</i></div>`;
  return `<div class="heats">${rows.map(line).join("")}</div>`;
}

function legend({ lines, unit }: Plot): string {
  const shown = lines.slice(0, MOST_IN_LEGEND).map(({ name, color, last }) => {
    const value = last === null ? "" : ` <em>${escaped(formatted(last, unit))}</em>`;
    return `<span><i style="background:${color}"></i>${escaped(name)}${value}</span>`;
  });
  const more = lines.length - shown.length;
  return `<div class="legend">${shown.join("")}${more > 0 ? `<span>and ${more} more</span>` : ""}</div>`;
}

const STYLE = `
*{box-sizing:border-box;margin:0}
body{width:${WIDTH + 16}px;padding:12px 8px 8px 16px;background:#f4f5f5;color:#24292e;font:12px "DejaVu Sans",Arial,sans-serif}
header{margin-bottom:8px}h1{font-size:18px}header p{color:#5a6068;font-size:11px;margin-top:2px}
main{position:relative}section{position:absolute}
.row h2{font-size:13px;line-height:${ROW - GAP}px}
.panel{background:#fff;border:1px solid #dcdfe3;border-radius:3px;padding:5px 8px;display:flex;flex-direction:column;overflow:hidden}
h3{font-size:12px;font-weight:600;flex:none}
.plot{flex:1;min-height:0;position:relative}
.empty{flex:1;display:flex;align-items:center;justify-content:center;color:#7b8087;text-align:center}
.stats{flex:1;display:flex;align-items:center;justify-content:space-evenly}.stats div{text-align:center}
.stats b{display:block;font-size:24px;font-weight:500;color:#1f60c4}.stats span{color:#5a6068;font-size:11px}
.legend{flex:none;display:flex;flex-wrap:wrap;gap:0 12px;font-size:10.5px;line-height:15px;max-height:45px;overflow:hidden}
.legend i{display:inline-block;width:10px;height:3px;margin-right:4px;vertical-align:middle}.legend em{color:#7b8087;font-style:normal}
.scroll{flex:1;overflow:hidden}table{border-collapse:collapse;width:100%;font-size:11px}
th,td{text-align:left;padding:2px 6px;border-bottom:1px solid #eceff2;white-space:nowrap}
.states,.heats{flex:1;display:flex;flex-direction:column;justify-content:space-evenly;min-height:0}
.state,.heat{display:flex;align-items:center;min-height:0}.state>span,.heat>span{flex:none;font-size:10.5px;padding-right:6px;text-align:right}
.state>span{width:225px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.heat{flex:1}.heat>span{width:60px}
.state>i,.heat>i{flex:1;display:flex;height:11px}.heat>i{height:100%}.state b{display:block;height:100%}.heat b{flex:1}
`;
