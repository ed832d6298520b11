/* Runs in the page: draws every plot with uPlot, which Grafana's own time series are drawn with. */
/* global document, window */
import uPlot from "uplot";
import { formatted } from "./format";

const GRID = { stroke: "#eceff2", width: 1 };
const AXIS = { stroke: "#5a6068", font: '10px "DejaVu Sans", Arial', grid: GRID, ticks: GRID };
const ROOM_ABOVE = 1.08;
/** Distances of ticks of bytes: whole powers of two, so that labels are whole numbers of their unit. */
const BINARY_STEPS = Array.from({ length: 50 }, (_, i) => 2 ** i);

const two = (number) => String(number).padStart(2, "0");
const clock = (seconds) => {
  const time = new Date(seconds * 1000);
  return `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
};

const series = ({ name, color, points, fill }) => ({
  label: name,
  stroke: color,
  width: points ? 0 : 1.5,
  fill: fill ? `${color}40` : undefined,
  points: { show: points, size: 6, fill: color },
  spanGaps: false,
});

function draw(element, { unit, logarithmic, max, times, lines }) {
  const { width, height } = element.getBoundingClientRect();
  // What lies on top is drawn first, so that what is below stays to be seen.
  const drawn = lines.some(({ fill }) => fill) ? [...lines].reverse() : lines;
  const range = (_plot, _least, most) => [0, max ?? (most > 0 ? most * ROOM_ABOVE : 1)];
  new uPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { show: false },
      scales: { y: logarithmic ? { distr: 3 } : { range } },
      axes: [
        { ...AXIS, size: 24, gap: 3, space: 90, values: (_plot, ticks) => ticks.map(clock) },
        {
          ...AXIS,
          size: 62,
          ...(unit.startsWith("b") ? { incrs: BINARY_STEPS } : {}),
          values: (_plot, ticks) => ticks.map((tick) => (tick === null ? "" : formatted(tick, unit))),
        },
      ],
      series: [{}, ...drawn.map(series)],
    },
    [times, ...drawn.map(({ values }) => values)],
    element,
  );
}

window.drawPlots = (plots) => {
  for (const [id, plot] of Object.entries(plots)) draw(document.getElementById(id), plot);
};
