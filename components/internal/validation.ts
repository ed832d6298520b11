import * as pulumi from "@pulumi/pulumi";

/** One wrong input: where it is and what is allowed instead. */
export interface Problem {
  readonly propertyPath: string;
  readonly reason: string;
}

/**
 * Collects every wrong input of a component, so that they are reported together and before any child exists.
 *
 * @example
 * const problems = new Problems("InferenceService", name);
 * problems.check(replicas >= 1, "replicas", `${replicas} must be at least 1`);
 * problems.throwIfAny();
 */
export class Problems {
  private readonly found: Problem[] = [];

  constructor(
    private readonly component: string,
    private readonly resourceName: string,
  ) {}

  /** Records a problem unless `holds`. */
  check(holds: boolean, propertyPath: string, reason: string): void {
    if (!holds) this.found.push({ propertyPath, reason });
  }

  add(propertyPath: string, reason: string): void {
    this.found.push({ propertyPath, reason });
  }

  /** Whether there is one at the path already. */
  has(propertyPath: string): boolean {
    return this.found.some((problem) => problem.propertyPath === propertyPath);
  }

  /**
   * Takes over what a part's own check finds, under the path at which the part's inputs were given; a function tells it for each
   * of the part's own paths.
   */
  absorb(path: string | ((own: string) => string), check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
      const at = typeof path === "string" ? (own: string) => (path === "" ? own : `${path}.${own}`) : path;
      for (const { propertyPath, reason } of error.errors) this.add(at(propertyPath), reason);
    }
  }

  /** @throws InputPropertiesError naming the component and every property. */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const listed = this.found.map((problem) => `\`${problem.propertyPath}\`: ${problem.reason}`).join("; ");
    throw new pulumi.InputPropertiesError({
      message: `${this.component} "${this.resourceName}": ${listed}`,
      errors: [...this.found],
    });
  }
}

/** The value when it is known while the program runs; undefined for an Output, which is checked inside `apply`. */
export function plainValue<T>(value: pulumi.Input<T> | undefined): T | undefined {
  if (value === undefined || pulumi.Output.isInstance(value) || value instanceof Promise) return undefined;
  return value as T;
}

/** A name for objects of which the API server accepts only a DNS label (RFC 1123). */
export function isDnsLabel(value: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value);
}

/** A host name of one or more DNS labels. */
export function isHostName(value: string): boolean {
  return value.length <= 253 && value.split(".").every(isDnsLabel);
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** The default range that an API server allots node ports from. */
export function isNodePort(value: number): boolean {
  return Number.isInteger(value) && value >= 30000 && value <= 32767;
}
