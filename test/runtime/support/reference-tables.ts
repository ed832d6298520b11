import { METRIC } from "../../../runtime/contract";
import { ERRORS } from "../../../runtime/errors";
import { METRICS } from "../../../runtime/metrics/metrics";
import {
  defaultText,
  expectation,
  flagOf,
  variableOf,
  type OptionTable,
} from "../../../runtime/option-table";
import { SERVER_OPTIONS } from "../../../runtime/options";
import { PULL_OPTIONS } from "../../../runtime/pull/pull-command";
import { ROUTES } from "../../../runtime/rest/routes";

const GRPC_STATUS: Record<number, string> = {
  1: "CANCELLED",
  3: "INVALID_ARGUMENT",
  5: "NOT_FOUND",
  8: "RESOURCE_EXHAUSTED",
  12: "UNIMPLEMENTED",
  13: "INTERNAL",
  14: "UNAVAILABLE",
};

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function options(specs: OptionTable): string {
  const rows = Object.entries(specs).map(([key, spec]) => {
    const fallback =
      spec.default === undefined ? (spec.optional ? "off" : "required") : `\`${defaultText(spec)}\``;
    return [`\`${flagOf(key)}\``, `\`${variableOf(key)}\``, expectation(spec), fallback, spec.doc];
  });
  return table(["flag", "variable", "takes", "default", "meaning"], rows);
}

/** The tables of docs/reference/server.md as the code has them, by the name of their marker. */
export const REFERENCE_TABLES: Record<string, string> = {
  options: options(SERVER_OPTIONS),
  "pull-options": options(PULL_OPTIONS),
  endpoints: table(
    ["request", "answer"],
    Object.values(ROUTES).map(({ method, path, doc }) => [`\`${method} ${path}\``, doc]),
  ),
  metrics: table(
    ["metric", "type", "labels", "meaning"],
    Object.entries(METRICS).map(([key, { type, labels, doc }]) => [
      `\`${METRIC[key as keyof typeof METRIC]}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      doc,
    ]),
  ),
  errors: table(
    ["code", "HTTP", "gRPC", "when"],
    Object.entries(ERRORS).map(([code, { http, grpc, doc }]) => [
      `\`${code}\``,
      String(http),
      GRPC_STATUS[grpc]!,
      doc,
    ]),
  ),
};
