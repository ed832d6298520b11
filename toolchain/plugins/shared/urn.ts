/** The parts of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** The resource's own type, without its parents' types. */
  readonly type: string;
  readonly name: string;
}

/** Takes a URN apart. @throws TypeError where it is not one. */
export function parseUrn(urn: string): UrnParts {
  // A name may itself hold "::", so that only the first three separators count.
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn);
  if (!match) throw new TypeError(`"${urn}" is not a URN.`);
  const [, stack = "", project = "", types = "", name = ""] = match;
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name };
}
