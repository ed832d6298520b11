export { UNKNOWN } from "../model/unknown";
export { type Outcome, type PlainResource, runPack, runRule, urnOf } from "./harness";
