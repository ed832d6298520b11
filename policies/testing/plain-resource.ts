import type { PolicyProviderResource, PolicyResourceOptions } from "@pulumi/policy";

/** A resource as a test writes it down. Give `UNKNOWN` for a value that a preview would not know. */
export interface PlainResource {
  /** A Pulumi type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** @default "resource" */
  readonly name?: string;
  /** The inputs. */
  readonly props: Record<string, unknown>;
  /** What the provider answers, which is what rules over the stack read. @default `props` */
  readonly outputs?: Record<string, unknown>;
  /** @default made of type and name */
  readonly urn?: string;
  /**
   * Which resources a property's value comes from, by their URNs: what stack rules see of references that a preview
   * does not know. Properties without a source may be left out.
   */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  /** URNs of further resources that this one waits for. */
  readonly dependsOn?: readonly string[];
  /** The resource's option of the same name. @default [] */
  readonly ignoreChanges?: readonly string[];
  /** The resource's other options. The parent is a URN. */
  readonly options?: Readonly<Partial<Omit<PolicyResourceOptions, "ignoreChanges">>>;
  readonly provider?: PolicyProviderResource;
  /** Properties that the provider fills in, and the program did not give. */
  readonly computed?: readonly string[];
}

/** The URN that a resource of a test has. */
export function urnOf({ type, name = "resource", urn }: PlainResource): string {
  return urn ?? `urn:pulumi:test::test::${type}::${name}`;
}
