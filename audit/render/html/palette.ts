/** Colours of the page. Text has a contrast of at least 4.5 : 1 and shapes of 3 : 1 to what is behind them (WCAG 2.2 AA). */
export interface Palette {
  readonly background: string;
  readonly raised: string;
  readonly line: string;
  /** Edges of controls, which must be seen. */
  readonly edge: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  /** Text on the accent and on the states' colours. */
  readonly onFill: string;
  readonly fail: string;
  readonly indeterminate: string;
  readonly waived: string;
  readonly pass: string;
  readonly notApplicable: string;
}

export const LIGHT: Palette = {
  background: "#ffffff",
  raised: "#f4f6f8",
  line: "#d0d7de",
  edge: "#7a838d",
  text: "#1b1f24",
  muted: "#545d68",
  accent: "#0b5cad",
  onFill: "#ffffff",
  fail: "#b3261e",
  indeterminate: "#7a5200",
  waived: "#6b3fa0",
  pass: "#1a7036",
  notApplicable: "#545d68",
};

export const DARK: Palette = {
  background: "#0d1117",
  raised: "#161b22",
  line: "#3a424c",
  edge: "#79838f",
  text: "#e6edf3",
  muted: "#9aa4af",
  accent: "#58a6ff",
  onFill: "#0d1117",
  fail: "#ff8a80",
  indeterminate: "#e3b341",
  waived: "#c9a6ff",
  pass: "#56d364",
  notApplicable: "#9aa4af",
};

export const variables = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
