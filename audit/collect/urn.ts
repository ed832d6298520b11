import { InputError } from "../input-error";

export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_PREFIX = "pulumi:providers:";

export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The resource's own type, without those of its parents. */
  readonly type: string;
  readonly name: string;
}

/** @throws InputError */
export function parseUrn(urn: string): Urn {
  const [scheme, project, types, ...name] = urn.split("::");
  const stack = scheme?.startsWith("urn:pulumi:") ? scheme.slice("urn:pulumi:".length) : "";
  if (stack === "" || !project || !types || name.length === 0) {
    throw new InputError(
      `has the resource name ${JSON.stringify(urn)}, which must be like "urn:pulumi:STACK::PROJECT::TYPE::NAME"`,
    );
  }
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

/** The URN that findings about the stack as a whole are reported on. */
export function stackUrn(project: string, stack: string): string {
  return `urn:pulumi:${stack}::${project}::${STACK_TYPE}::${project}-${stack}`;
}

export const isProvider = (type: string): boolean => type.startsWith(PROVIDER_PREFIX);
