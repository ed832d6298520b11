import * as pulumi from "@pulumi/pulumi";
import type { PolicyResourceOptions } from "@pulumi/policy";
import type { PlainResource } from "./plain-resource";
import { plainProperties } from "./wire-values";

export interface MockOptions {
  /**
   * What the provider would add to a resource's inputs: outputs that the program reads. In a preview those that are not here
   * are unknown.
   */
  readonly outputs?: (resource: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
  /** What functions of providers answer. @default their arguments */
  readonly call?: (call: pulumi.runtime.MockCallArgs) => Record<string, unknown>;
  /** The stack's configuration, by `project:key`. */
  readonly config?: Readonly<Record<string, string>>;
  /** @default "test" */
  readonly project?: string;
  /** @default "test" */
  readonly stack?: string;
  /** Whether outputs that no mock gives are unknown, as in a preview, or missing. @default true */
  readonly preview?: boolean;
}

interface Properties {
  toJavaScript(): unknown;
}

/** What the SDK asks the engine, as far as it matters here. */
interface Registration {
  getType(): string;
  getName(): string;
  getObject(): Properties | undefined;
  getCustom(): boolean;
  getParent(): string;
  getProtect(): boolean;
  getIgnorechangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getDeletebeforereplace(): boolean;
  getDeletebeforereplacedefined(): boolean;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
}

interface Registered {
  getUrn(): string;
  getId(): string;
  getObject(): Properties | undefined;
}

type Answer = (error: unknown, answer?: Registered) => void;

interface Monitor {
  registerResource(request: Registration, answer: Answer): unknown;
}

/**
 * Runs a Pulumi program against mocks and collects the resources that it declares, as the engine would hand them to policies: with
 * what their properties come from and their options. What is only read (`Bucket.get`) is left out. The SDK's mocks are
 * those of the process: collect from one program at a time.
 */
export async function collectFromMocks(
  program: () => unknown,
  options: MockOptions = {},
): Promise<PlainResource[]> {
  const { outputs, call, config, project = "test", stack = "test", preview = true } = options;
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        const { name, inputs } = resource;
        return { id: `${name}-id`, state: { ...inputs, ...outputs?.(resource) } };
      },
      call: (asked) => (call ? call(asked) : asked.inputs),
    },
    project,
    stack,
    preview,
  );
  if (config) pulumi.runtime.setAllConfig({ ...config });
  const collected: PlainResource[] = [];
  listen((request, answer) => collected.push(resourceOf(request, answer)));
  try {
    await program();
  } finally {
    // What was declared before an error must not reach the next program's list.
    await pulumi.runtime.disconnect();
  }
  return collected;
}

/** A mock is told a resource's inputs only; what the program asks the engine has the rest. */
function listen(hear: (request: Registration, answer: Registered) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, answer) => {
      if (answer) hear(request, answer);
      callback(error, answer);
    });
}

function resourceOf(request: Registration, answer: Registered): PlainResource {
  const dependencies = [...request.getPropertydependenciesMap().entries()];
  return {
    type: request.getType(),
    name: request.getName(),
    urn: answer.getUrn(),
    props: plainProperties(request.getObject()?.toJavaScript()),
    outputs: outputsOf(request, answer),
    dependencies: Object.fromEntries(
      dependencies.map(([property, sources]) => [property, sources.getUrnsList()]),
    ),
    dependsOn: request.getDependenciesList(),
    ignoreChanges: request.getIgnorechangesList(),
    options: optionsOf(request),
  };
}

/** Policies take a resource without any outputs for one whose outputs nobody knows; what is made has an ID at least. */
function outputsOf(request: Registration, answer: Registered): Record<string, unknown> {
  const outputs = plainProperties(answer.getObject()?.toJavaScript());
  return request.getCustom() && Object.keys(outputs).length === 0 ? { id: answer.getId() } : outputs;
}

function optionsOf(request: Registration): Partial<PolicyResourceOptions> {
  const parent = request.getParent();
  return {
    protect: request.getProtect(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    ...(parent !== "" && { parent }),
  };
}
