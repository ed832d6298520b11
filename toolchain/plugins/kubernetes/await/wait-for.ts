import type { KubeObject } from "../object";
import { hopelessCustomResource } from "./hopeless-pods";
import { conditionOf, conditionText, failed, ready, waiting } from "./readiness";
import type { Readiness, Verdict } from "./readiness";
import { evaluateJsonPath } from "./json-path";

function jsonPathReadiness(expression: string): Readiness {
  // `jsonpath={.status.phase}=Running`, or without a value: anything at all.
  const match = /^jsonpath=(\{[^}]*\}|[^=]+?)(?:=(.*))?$/s.exec(expression);
  if (!match) throw new Error(`"${expression}" is not of the form jsonpath={.path}=value.`);
  const [, path = "", wanted] = match;
  return (live): Verdict => {
    const values = evaluateJsonPath(path, live);
    if (wanted === undefined) return values.length > 0 ? ready() : waiting(`${path} has no value`);
    const found = values.map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
    if (found.includes(wanted)) return ready();
    return waiting(
      `${path} is ${found.length > 0 ? `"${found.join('", "')}"` : "not there"}, not "${wanted}"`,
    );
  };
}

function conditionReadiness(expression: string): Readiness {
  const [type = "", wanted = "True"] = expression.slice("condition=".length).split("=");
  return (live: KubeObject): Verdict => {
    const condition = conditionOf(live.status, type);
    if (!condition) return waiting(`there is no condition ${type}`);
    const met = condition.status.toLowerCase() === wanted.toLowerCase();
    return met ? ready() : waiting(conditionText(condition));
  };
}

function single(expression: string): Readiness {
  if (expression.startsWith("jsonpath=")) return jsonPathReadiness(expression);
  if (expression.startsWith("condition=")) return conditionReadiness(expression);
  throw new Error(
    `\`pulumi.com/waitFor\` needs a "jsonpath=" or "condition=" prefix, but is "${expression}".`,
  );
}

function expressionsOf(annotation: string): string[] {
  try {
    const list: unknown = JSON.parse(annotation);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // Not a list: one expression.
  }
  return [annotation];
}

/** The readiness that `pulumi.com/waitFor` asks for: one expression, or a JSON list that must all hold. */
export function waitForReadiness(annotation: string): Readiness {
  const parts = expressionsOf(annotation).map(single);
  if (parts.length === 0) throw new Error("`pulumi.com/waitFor` needs at least one expression.");
  return async (live, context) => {
    for (const part of parts) {
      const verdict = await part(live, context);
      if (verdict.state === "ready") continue;
      const reason = await hopelessCustomResource(live, context);
      return reason === undefined ? verdict : failed(reason);
    }
    return ready();
  };
}
