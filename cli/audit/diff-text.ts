import type { Colors } from "picocolors/types";
import type { Change, ReportDiff } from "../../audit/diff/diff-reports";
import { plainText } from "../../rollout/record/plain-text";

/** "2 new failures, 1 fixed", then each of them. */
export function renderDiffText(diff: ReportDiff, colors: Colors): string {
  const { newFailures, fixed, newlyWaived, unclear, stillFailing } = diff;
  const parts = [
    newFailures.length === 1 ? "1 new failure" : `${newFailures.length} new failures`,
    `${fixed.length} fixed`,
    ...(newlyWaived.length > 0 ? [`${newlyWaived.length} waived`] : []),
    ...(unclear.length > 0 ? [`${unclear.length} no longer judged`] : []),
    ...(stillFailing > 0 ? [`${stillFailing} as before`] : []),
  ];
  const sections = [
    section("New failures", newFailures, colors.red),
    section("Fixed", fixed, colors.green),
    section("Waived now", newlyWaived, colors.cyan),
    section("Failed or waived before, not judged now", unclear, colors.yellow),
  ];
  return [parts.join(", "), ...sections.filter((text) => text !== "")].join("\n\n");
}

function section(title: string, changes: readonly Change[], paint: (text: string) => string): string {
  if (changes.length === 0) return "";
  const entries = changes.map(({ rule, resource, severity, mandatory, before, after, messages }) => {
    const level = `${plainText(severity)}, ${mandatory ? "mandatory" : "advisory"}, ${before} → ${after}`;
    const sentences = messages.map((message) => `\n    ${plainText(message)}`).join("");
    return `  ${plainText(rule)} (${level})\n    ${plainText(resource)}${sentences}`;
  });
  return `${paint(title)}\n${entries.join("\n")}`;
}
