import type { PublishedSlot } from "./published";

type Content = Pick<PublishedSlot, "digest" | "models">;

/** A slot's models as `name/version@sha256`, in one order whatever the declaration's. */
export const modelsOf = ({ models }: Pick<Content, "models">): readonly string[] =>
  models.map(({ name, version, sha256 }) => `${name}/${version}@${sha256}`).sort();

/**
 * What a slot runs, in a form that can be compared: the same image with other models is another candidate. Empty where the
 * models are not known.
 * @param models as `modelsOf` gives them
 */
export const contentFrom = (digest: string | undefined, models: readonly string[] | undefined): string =>
  !digest || !models?.length ? "" : [digest, ...models].join(" ");

function parts(content: string): { readonly digest: string; readonly models: string } {
  const end = content.indexOf(" ");
  return { digest: content.slice(0, end), models: content.slice(end + 1) };
}

/**
 * Whether a slot still runs what it ran at an earlier time. A new image of the server that the live slot runs too is no new
 * candidate. What is not known does not count as another.
 */
export function isStill(then: string, now: string, live: string): boolean {
  if (then === "" || now === "") return true;
  const [before, after] = [parts(then), parts(now)];
  if (before.models !== after.models) return false;
  return before.digest === after.digest || (live !== "" && after.digest === parts(live).digest);
}
