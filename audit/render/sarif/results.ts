import { createHash } from "node:crypto";
import type { Location, LogicalLocation, PhysicalLocation, Result, Suppression } from "sarif";
import type { AppliedWaiver, ReportedFinding, ReportedResource, ReportedRule } from "../../report";
import { STATE_TITLES } from "../order";
import { shownText, wellFormed } from "../text";
import { KINDS, levelOf } from "./levels";
import { messageText } from "./message";

/** Files are named relative to the project's folder; who reads the log knows where that is. */
export const PROJECT_ROOT = "%SRCROOT%";
/** Where no line is known. GitHub refuses a whole log for one result without a file. */
const PROJECT_FILE = "Pulumi.yaml";

/** The same control on the same resource, wherever its line has moved. */
const fingerprint = ({ rule, resource }: ReportedFinding): string =>
  createHash("sha256").update(`${rule}\n${resource}`).digest("hex");

const uriOf = (file: string): string => wellFormed(file).split("/").map(encodeURIComponent).join("/");

function physicalLocation({ source }: ReportedResource): PhysicalLocation {
  const artifactLocation = {
    uri: source ? uriOf(source.file) : PROJECT_FILE,
    uriBaseId: PROJECT_ROOT,
  };
  return source
    ? {
        artifactLocation,
        region: {
          startLine: source.line,
          ...(source.column === undefined ? {} : { startColumn: source.column }),
        },
      }
    : { artifactLocation };
}

function locationOf(resource: ReportedResource): Location {
  const logicalLocations: LogicalLocation[] = [
    { name: resource.name, fullyQualifiedName: resource.urn, kind: "resource" },
  ];
  if (resource.component !== undefined) {
    logicalLocations.push({ fullyQualifiedName: resource.component, kind: "component" });
  }
  return { physicalLocation: physicalLocation(resource), logicalLocations };
}

/** "Passed." where the rule had nothing to say. */
const said = ({ state, messages }: ReportedFinding): string =>
  messages.length > 0 ? messages.join(" ") : `${STATE_TITLES[state]}.`;

const suppressionOf = ({ owner, reason, ticket, expires, line }: AppliedWaiver): Suppression => ({
  kind: "external",
  status: "accepted",
  justification: shownText(`${reason} (${ticket}; waived by ${owner} until ${expires})`),
  properties: { owner, reason, ticket, expires, line },
});

export function resultOf(
  finding: ReportedFinding,
  resource: ReportedResource,
  { rule, index }: { rule: ReportedRule; index: number },
): Result {
  const kind = KINDS[finding.state];
  const digest = fingerprint(finding);
  return {
    ruleId: rule.id,
    ruleIndex: index,
    kind,
    level: kind === "fail" ? levelOf(rule) : "none",
    message: { text: messageText(`${resource.name} (${resource.type}): ${said(finding)}`) },
    locations: [locationOf(resource)],
    fingerprints: { "ruleAndResource/v1": digest },
    // The one that GitHub follows an alert by.
    partialFingerprints: { primaryLocationLineHash: `${digest.slice(0, 16)}:1` },
    suppressions: finding.waiver ? [suppressionOf(finding.waiver)] : [],
    properties: {
      state: finding.state,
      severity: rule.severity,
      enforcement: rule.enforcement,
      ...(finding.remediated ? { remediated: finding.remediated } : {}),
    },
  };
}
