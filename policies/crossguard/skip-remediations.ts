import type { PolicyPackArgs } from "@pulumi/policy";
import type { Answer, Call, Handler, Handlers } from "./answer-by-type";

/** What the engine configures a pack with: levels by rule. */
interface Configuration {
  getPolicyconfigMap(): { entries(): Iterable<[string, { getEnforcementlevel(): number }]> };
}

/**
 * The engine asks for remediations of every resource, and the SDK reads all its properties before it finds that no rule is to
 * remedy anything, which is how packs start. Then the SDK's answer to the first resource, an empty one, is that to all.
 * @param remediation the protocol's number of the level
 */
export function skipRemediations(
  handlers: Handlers,
  { policies, enforcementLevel }: PolicyPackArgs,
  remediation: number,
): Handlers {
  const declared = policies.some((policy) => (policy.enforcementLevel ?? enforcementLevel) === "remediate");
  let remedies = declared;
  let empty: Answer | undefined;
  const remediate: Handler = (call, callback) => {
    if (!remedies && empty) return callback(undefined, empty);
    return handlers.remediate!(call, (error, answer) => {
      if (!remedies && answer) empty = answer;
      callback(error, answer);
    });
  };
  const configure: Handler = (call: Call, callback) => {
    const levels = (call.request as unknown as Configuration).getPolicyconfigMap().entries();
    // A rule that is named gets its level from here; one that is not keeps its own.
    remedies = declared || [...levels].some(([, one]) => one.getEnforcementlevel() === remediation);
    return handlers.configure!(call, callback);
  };
  return { ...handlers, remediate, configure };
}
