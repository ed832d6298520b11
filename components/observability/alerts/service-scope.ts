import { SLOTS } from "../../../rollout/declaration";
import { canaryOf, primaryOf } from "../../../rollout/flagger-names";
import { slotService } from "../../internal/slot-labels";
import { quoted } from "./rule";

/** One service as its rules see it. */
export interface ServiceScope {
  readonly namespace: string;
  /** What it is called: the InferenceService or the Rollout. */
  readonly service: string;
  /** Kubernetes Services of its servers: itself, or its slots. Prometheus labels what it scrapes with them. */
  readonly servers: readonly string[];
  /** Pods that each of them has at least; a server that is not named may have any number. */
  readonly minimums?: Readonly<Record<string, number>>;
  /** Whether it may be without pods while nobody asks. */
  readonly mayWait: boolean;
}

/** Labels that a service's own rules give their results. */
export const ownLabels = ({ namespace, service }: ServiceScope) => ({ namespace, service });

/** Label of what is about a rollout and about its slots, whose `service` differs. */
const ROLLOUT = "rollout";

/** Of a rollout's own rules, besides `ownLabels`. */
export const rolloutLabel = ({ service, servers }: ServiceScope): Record<string, string> =>
  servers.includes(service) ? {} : { [ROLLOUT]: service };

/** Ends of the names of the Services of a rollout's slots. */
const SLOT_ENDS = [...SLOTS.map((slot) => slotService("", slot)), primaryOf(""), canaryOf("")];
const SLOT_SERVICE = `^(.+)(?:${SLOT_ENDS.join("|")})$`;

/**
 * The same of alerts about any server, which know its Service only; Prometheus fills it in, and leaves it out where it is empty. A
 * service that is no slot but is called like one has it too: its tickets wait while a service of the other name has a page.
 */
export const ROLLOUT_OF_SLOT: Readonly<Record<string, string>> = {
  [ROLLOUT]: `{{ if match ${quoted(SLOT_SERVICE)} $labels.service }}{{ reReplaceAll ${quoted(SLOT_SERVICE)} "$1" $labels.service }}{{ end }}`,
};
