import { z } from "zod";

/**
 * The words that `model.json` is described with. Each rule's message is what the value must be, e.g. "a whole number from
 * 1 to 256"; `model-config-sentence.ts` puts it into a sentence with the field and the value.
 */

/** An object with these fields and no others. */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape, what = "an object") {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? known : what) });
}

export function whole(least: number, most: number) {
  const what = `a whole number from ${least} to ${most}`;
  return z.int(what).min(least, what).max(most, what);
}

export function atLeast(least: number) {
  const what = `a whole number >= ${least}`;
  return z.int(what).min(least, what);
}

export function number(least?: number, most?: number) {
  const what = least === undefined ? "a number" : `a number from ${least} to ${most}`;
  const plain = z.number(what);
  return least === undefined ? plain : plain.min(least, what).max(most!, what);
}

export function text(what = "a text that is not empty") {
  return z.string(what).min(1, what);
}

export function matching(pattern: RegExp, what: string) {
  return z.string(what).regex(pattern, what);
}

export function flag() {
  return z.boolean("true or false");
}

export function choice<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `one of ${values.join(", ")}`);
}

export function list<Item extends z.ZodType>(item: Item, what: string, least = 0) {
  return z.array(item, what).min(least, what);
}

/** An object whose keys are not fields but names. */
export function named<Value extends z.ZodType>(value: Value, what: string, name = text()) {
  return z.record(name, value, what);
}

export function anyOf<const Options extends readonly [z.ZodType, ...z.ZodType[]]>(
  options: Options,
  what: string,
) {
  return z.union(options, what);
}
