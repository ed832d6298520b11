export { heatmap } from "./heatmap";
export { lines } from "./lines";
export { numbers } from "./numbers";
export type { Link, PanelSpec, Query, Unit } from "./spec";
export { states } from "./states";
export { table } from "./table";
