import type { SourceLine } from "../report";

const POSITION = /^project:\/\/\/(?<path>[^#?]+)#(?<line>\d+)(?:,(?<column>\d+))?$/;

/**
 * Where the program declared a resource, from the engine's `project:///stacks/aws/index.ts#19,19`.
 *
 * The engine counts paths from the folder that it worked in. Where that is not the project's (this CLI keeps it out of the
 * checkout), the path climbs out and comes back: `../../home/me/slipway/stacks/aws/index.ts`. What follows the climb is
 * then matched with the end of the project's own path.
 * @param positions the resource's own, then its stack's frames: the first one in the project's own code counts
 * @param projectRoot absolute path, with forward slashes
 */
export function sourceLine(
  positions: readonly (string | undefined)[],
  projectRoot: string,
): SourceLine | undefined {
  const root = projectRoot.split("/").filter((part) => part !== "");
  for (const position of positions) {
    const groups = POSITION.exec(position ?? "")?.groups;
    const file = groups && inProject(groups["path"] ?? "", root);
    const line = Number(groups?.["line"]);
    if (file === undefined || !Number.isSafeInteger(line) || line < 1) continue;
    const column = Number(groups?.["column"]);
    return { file, line, ...(Number.isSafeInteger(column) && column >= 1 && { column }) };
  }
  return undefined;
}

function inProject(encoded: string, root: readonly string[]): string | undefined {
  const parts = decoded(encoded)?.split("/");
  if (!parts) return undefined;
  const climbs = parts.findIndex((part) => part !== "..");
  if (climbs < 0) return undefined;
  const rest = parts.slice(climbs);
  const inside = climbs === 0 ? rest : afterRoot(rest, root);
  const isOwn =
    inside && inside.length > 0 && !inside.some((part) => part === "node_modules" || part === "..");
  return isOwn ? inside.join("/") : undefined;
}

/** Percent signs as the engine writes them; a path that is no path is none. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** What follows the longest end of the root that the path begins with. */
function afterRoot(path: readonly string[], root: readonly string[]): readonly string[] | undefined {
  for (let from = 0; from < root.length; from++) {
    const end = root.slice(from);
    if (end.every((part, i) => path[i] === part)) return path.slice(end.length);
  }
  return undefined;
}
