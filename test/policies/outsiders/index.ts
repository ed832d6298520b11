import { assemble, type Twin } from "../corpus/model";
import { outsideAccess } from "./access";
import { outsideAws } from "./aws";
import { outsideWorkloads } from "./workloads";

/** Pairs from public controls that neither the corpus nor a rule was written from when they were first judged. */
export const outsiders: readonly Twin[] = [...outsideWorkloads, ...outsideAccess, ...outsideAws].map(
  (twin, position) => assemble("outside", twin, position),
);
