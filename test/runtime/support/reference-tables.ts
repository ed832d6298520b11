import { API_KEY_OPTIONS } from "../../../runtime/auth/api-key-command";
import { COMPARE_OPTIONS } from "../../../runtime/comparator/compare-command";
import { COMPARISON_METRICS } from "../../../runtime/comparator/comparator-metrics";
import {
  COMPARISON_METRIC,
  DRIFT_METRIC,
  METRIC,
  QUALITY_METRIC,
  QUEUE_METRIC,
  RETRAINING_METRIC,
} from "../../../runtime/contract";
import { CONSUMER_OPTION_TOPICS, CONSUMER_OPTIONS } from "../../../runtime/consumer/consumer-options";
import { QUEUE_METRICS } from "../../../runtime/consumer/queue-metrics";
import { DRIFT_METRICS } from "../../../runtime/drift/monitor/drift-metrics";
import { QUALITY_METRICS } from "../../../runtime/feedback/feedback-metrics";
import { ERRORS } from "../../../runtime/errors";
import { GATE_OPTIONS } from "../../../runtime/gate/gate-command";
import { METRICS } from "../../../runtime/metrics/metrics";
import {
  defaultText,
  expectation,
  flagOf,
  variableOf,
  type OptionSpec,
  type OptionTable,
  type OptionTopics,
} from "../../../runtime/option-table";
import { LAMBDA_OPTIONS } from "../../../runtime/lambda/lambda-options";
import { SERVER_OPTION_TOPICS, SERVER_OPTIONS } from "../../../runtime/options";
import { PULL_OPTIONS } from "../../../runtime/pull/pull-command";
import { RETRAINING_METRICS } from "../../../runtime/retraining/retraining-metrics";
import { RETRAINING_OPTION_TOPICS, RETRAINING_OPTIONS } from "../../../runtime/retraining/retraining-options";
import { ROUTES } from "../../../runtime/rest/routes";

const GRPC_STATUS: Record<number, string> = {
  1: "CANCELLED",
  3: "INVALID_ARGUMENT",
  4: "DEADLINE_EXCEEDED",
  5: "NOT_FOUND",
  7: "PERMISSION_DENIED",
  8: "RESOURCE_EXHAUSTED",
  9: "FAILED_PRECONDITION",
  12: "UNIMPLEMENTED",
  13: "INTERNAL",
  14: "UNAVAILABLE",
  16: "UNAUTHENTICATED",
};

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function defaultCell(spec: OptionSpec): string {
  if (spec.default === undefined) return spec.optional ? "off" : "required";
  const isEmpty = Array.isArray(spec.default) && spec.default.length === 0;
  return isEmpty ? "none" : `\`${defaultText(spec)}\``;
}

function options(specs: OptionTable): string {
  const rows = Object.entries(specs).map(([key, spec]) => [
    `\`${flagOf(key)}\``,
    `\`${variableOf(key)}\``,
    expectation(spec),
    defaultCell(spec),
    spec.doc,
  ]);
  return table(["flag", "variable", "takes", "default", "meaning"], rows);
}

/** A table below each heading. */
function optionsByTopic(specs: OptionTable, topics: OptionTopics): string {
  const entries = Object.entries(specs);
  const starts = Object.entries(topics).map(([heading, first]) => ({
    heading,
    from: entries.findIndex(([key]) => key === first),
  }));
  return starts
    .map(({ heading, from }, i) => {
      const rows = Object.fromEntries(entries.slice(from, starts[i + 1]?.from));
      return `### ${heading}\n\n${options(rows)}`;
    })
    .join("\n\n");
}

/** The tables of docs/reference/server.md as the code has them, by the name of their marker. */
export const REFERENCE_TABLES: Record<string, string> = {
  options: optionsByTopic(SERVER_OPTIONS, SERVER_OPTION_TOPICS),
  "pull-options": options(PULL_OPTIONS),
  "api-key-options": options(API_KEY_OPTIONS),
  "consume-options": optionsByTopic(CONSUMER_OPTIONS, CONSUMER_OPTION_TOPICS),
  "queue-metrics": table(
    ["metric", "type", "labels", "meaning"],
    Object.entries(QUEUE_METRICS).map(([key, { type, labels, doc }]) => [
      `\`${QUEUE_METRIC[key as keyof typeof QUEUE_METRIC]}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      doc,
    ]),
  ),
  "lambda-options": options(LAMBDA_OPTIONS),
  "gate-options": options(GATE_OPTIONS),
  "compare-options": options(COMPARE_OPTIONS),
  "comparison-metrics": table(
    ["metric", "type", "labels", "meaning"],
    Object.entries(COMPARISON_METRICS).map(([key, { type, labels, doc }]) => [
      `\`${COMPARISON_METRIC[key as keyof typeof COMPARISON_METRIC]}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      doc,
    ]),
  ),
  "retraining-options": optionsByTopic(RETRAINING_OPTIONS, RETRAINING_OPTION_TOPICS),
  "retraining-metrics": table(
    ["metric", "type", "labels", "meaning"],
    Object.entries(RETRAINING_METRICS).map(([key, { type, labels, doc }]) => [
      `\`${RETRAINING_METRIC[key as keyof typeof RETRAINING_METRIC]}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      doc,
    ]),
  ),
  endpoints: table(
    ["request", "scope", "answer"],
    Object.values(ROUTES).map(({ method, path, scope, doc }) => [
      `\`${method} ${path}\``,
      scope ?? "none",
      doc,
    ]),
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
  "drift-metrics": table(
    ["metric", "type", "labels", "meaning"],
    Object.entries(DRIFT_METRICS).map(([key, { type, labels, doc }]) => [
      `\`${DRIFT_METRIC[key as keyof typeof DRIFT_METRIC]}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      doc,
    ]),
  ),
  "quality-metrics": table(
    ["metric", "type", "labels", "meaning"],
    Object.entries(QUALITY_METRICS).map(([key, { type, labels, doc }]) => [
      `\`${QUALITY_METRIC[key as keyof typeof QUALITY_METRIC]}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      doc,
    ]),
  ),
  errors: table(
    ["code", "HTTP", "gRPC", "when"],
    Object.entries(ERRORS)
      .sort(([, a], [, b]) => a.http - b.http)
      .map(([code, { http, grpc, doc }]) => [`\`${code}\``, String(http), GRPC_STATUS[grpc]!, doc]),
  ),
};
