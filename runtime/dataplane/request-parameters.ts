import { invalid } from "../errors";
import type { InferRequest } from "./infer-request";
import { shown } from "./shown";

/** How a request wants to be queued. */
export type Scheduling = Pick<InferRequest, "priority" | "deadline">;

const NONE: Scheduling = {};

/**
 * Reads Triton's request parameters `priority` (1 is served first, 0 stands for the model's default) and `timeout`
 * (microseconds that the request may wait, 0 for no limit).
 * @param parameters the request's own, as plain values
 * @throws 400 naming the parameter and its value
 */
export function schedulingOf(
  parameters: Readonly<Record<string, unknown>> | undefined,
  now: () => number = () => performance.now(),
): Scheduling {
  if (!parameters) return NONE;
  const { priority, timeout } = parameters;
  if (priority === undefined && timeout === undefined) return NONE;
  const level = wholeNumber("priority", priority);
  const microseconds = wholeNumber("timeout", timeout);
  return {
    priority: level || undefined,
    deadline: microseconds ? now() + microseconds / 1000 : undefined,
  };
}

function wholeNumber(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= 0) return number;
  throw invalid(`The parameter \`${name}\` (${shown(value)}) must be a whole number >= 0.`);
}
