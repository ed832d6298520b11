import type { NodeRequirement, Toleration } from "../components";
import type { Field } from "./fields";

/** Fields of an entry of a service's `nodeRequirements`. */
export const REQUIREMENT_FIELDS = {
  key: { type: "text", required: true, doc: "Label of the node." },
  operator: {
    type: "text",
    required: true,
    doc: "`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`.",
  },
  values: { type: "list of texts", default: "`[]`", doc: "What the label's value is compared with." },
} as const satisfies Record<keyof NodeRequirement, Field>;

/** Fields of an entry of a service's `tolerations`. */
export const TOLERATION_FIELDS = {
  key: { type: "text", required: true, doc: "Key of the taint." },
  operator: {
    type: "text",
    default: "`Equal`",
    doc: "`Equal` (the taint has this value) or `Exists` (it has any).",
  },
  value: { type: "text", doc: "Value of the taint, for `Equal`." },
  effect: {
    type: "text",
    default: "every effect",
    doc: "`NoSchedule`, `PreferNoSchedule` or `NoExecute`.",
  },
} as const satisfies Record<keyof Toleration, Field>;
