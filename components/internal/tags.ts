import type { Problems } from "./validation";

/** A resource of AWS' has no more. */
const MOST_TAGS = 50;

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Records tags that AWS would refuse. @param own how many the component adds */
export function checkTags(tags: Readonly<Record<string, string>>, own: number, problems: Problems): void {
  for (const [key, value] of Object.entries(tags)) {
    const path = `tags["${key}"]`;
    problems.check(!/^aws:/i.test(key), path, 'keys that begin with "aws:" are AWS\' own');
    problems.check(
      key.length >= 1 && key.length <= 128 && CHARACTERS.test(key),
      path,
      `"${key}" must be 1 to 128 letters, digits, spaces and any of _.:/=+-@`,
    );
    problems.check(
      value.length <= 256 && CHARACTERS.test(value),
      path,
      `"${value}" must be at most 256 letters, digits, spaces and any of _.:/=+-@`,
    );
  }
  const count = Object.keys(tags).length;
  const most = MOST_TAGS - own;
  problems.check(count <= most, "tags", `${count} must be at most ${most}`);
}
