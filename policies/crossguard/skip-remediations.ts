import type { PolicyPackArgs } from "@pulumi/policy";
import type { Answer, Call, Handler, Handlers } from "./answer-by-type";

/** What the engine configures a pack with: levels by rule. */
interface Configuration {
  getPolicyconfigMap(): { entries(): Iterable<[string, { getEnforcementlevel(): number }]> };
}

/** A call whose request nobody has read yet. */
interface UnreadCall {
  readonly request: Buffer;
}

/**
 * The engine asks for remediations of every resource, and the SDK reads all its properties before it finds that no rule is to
 * remedy anything, which is how packs start. Then the SDK's answer to the first resource, an empty one, is that to all.
 * @param remediation the protocol's number of the level
 * @param read the SDK's reader of requests: `remediate` is given them as they came
 */
export function skipRemediations(
  handlers: Handlers,
  { policies, enforcementLevel }: PolicyPackArgs,
  remediation: number,
  read: (request: Buffer) => unknown,
): Handlers {
  const declared = policies.some((policy) => (policy.enforcementLevel ?? enforcementLevel) === "remediate");
  let remedies = declared;
  let empty: Answer | undefined;
  const remediate: Handler = (call, callback) => {
    if (!remedies && empty) return callback(undefined, empty);
    const request = read((call as unknown as UnreadCall).request) as Call["request"];
    return handlers.remediate!({ request }, (error, answer) => {
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
