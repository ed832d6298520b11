import assert from "node:assert";
import { Namespace, Service } from "@pulumi/kubernetes/core/v1";
import {
  type StackValidationArgs,
  validateResourceOfType,
  type ResourceValidationArgs,
} from "@pulumi/policy";
import { type PlainResource, type Policy, runPolicy, UNKNOWN } from "../../../policies/testing";

const service: PlainResource = {
  type: "kubernetes:core/v1:Service",
  name: "web",
  props: { spec: { type: "NodePort", clusterIP: UNKNOWN, ports: undefined } },
};

/** Runs a policy that only looks at what it is given. */
async function seen<T>(
  look: (args: ResourceValidationArgs) => T,
  resource = service,
  options = {},
): Promise<T> {
  const found: T[] = [];
  const policy: Policy = {
    name: "looks",
    description: "Looks.",
    configSchema: { properties: { limit: { type: "integer", default: 3 } } },
    validateResource: (args) => void found.push(look(args)),
  };
  assert.deepStrictEqual(await runPolicy(policy, [resource], options), []);
  return found[0]!;
}

describe("runPolicy", () => {
  it("tells a resource's class, and shows it as one", async () => {
    const shown = await seen((args) => [
      args.isType(Service),
      args.isType(Namespace),
      args.asType(Service)?.spec?.type,
      args.asType(Namespace),
    ]);
    assert.deepStrictEqual(shown, [true, false, "NodePort", undefined]);
  });

  it("runs the SDK's typed policies, which are not applicable to other types", async () => {
    const policy: Policy = {
      name: "no-node-port",
      description: "No node ports.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(Service, ({ spec }, _, report) => {
        if (spec?.type === "NodePort") report("is a node port");
      }),
    };
    const other = { type: "kubernetes:core/v1:Namespace", props: {} };
    const outcomes = await runPolicy(policy, [service, other]);
    assert.deepStrictEqual(
      outcomes.map(({ state, enforcement, message }) => [state, enforcement, message]),
      [
        ["fail", "mandatory", "is a node port"],
        [
          "not-applicable",
          "mandatory",
          "Policy only applies to resources of type 'kubernetes:core/v1:Service'",
        ],
      ],
    );
  });

  it("is indeterminate as soon as an unknown value is read, with the SDK's words", async () => {
    const policy: Policy = {
      name: "reads",
      description: "Reads.",
      validateResource: ({ props }) => void String(props["spec"].clusterIP),
    };
    const [outcome, ...more] = await runPolicy(policy, [service]);
    assert.deepStrictEqual(more, []);
    assert.strictEqual(outcome?.state, "indeterminate");
    assert.strictEqual(outcome.message, "string value at .spec.clusterIP can't be known during preview");
  });

  it("gives stack tags, configuration over the schema's defaults, and the resource's options", async () => {
    const options = { stackTags: { team: "search" }, config: { prefix: "x" } };
    const resource = {
      ...service,
      ignoreChanges: ["spec"],
      options: { protect: true, parent: "urn:parent" },
    };
    const shown = await seen(
      ({ stackTags, getConfig, opts }) => [stackTags.get("team"), getConfig(), opts],
      resource,
      options,
    );
    assert.deepStrictEqual(shown, [
      "search",
      { limit: 3, prefix: "x" },
      {
        protect: true,
        parent: "urn:parent",
        ignoreChanges: ["spec"],
        aliases: [],
        additionalSecretOutputs: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      },
    ]);
  });

  it("leaves out what is undefined, and hands over the provider", async () => {
    const provider = {
      type: "pulumi:providers:kubernetes",
      name: "prod",
      urn: "urn:p",
      props: { context: "prod" },
    };
    const resource = { ...service, props: { spec: undefined, kind: "Service" }, provider };
    const shown = await seen(
      ({ props, provider: given }) => [Object.keys(props), given?.props["context"]],
      resource,
    );
    assert.deepStrictEqual(shown, [["kind"], "prod"]);
  });

  it("shows rules over the stack outputs, parents and what depends on what", async () => {
    let given: StackValidationArgs | undefined;
    const policy: Policy = {
      name: "looks",
      description: "Looks.",
      validateStack: (args) => void (given = args),
    };
    const namespace: PlainResource = {
      type: "kubernetes:core/v1:Namespace",
      name: "team",
      urn: "urn:team",
      props: {},
    };
    const child: PlainResource = {
      ...service,
      outputs: { status: "made" },
      dependencies: { spec: ["urn:team"] },
      options: { parent: "urn:team" },
    };
    assert.deepStrictEqual(
      await runPolicy(policy, [namespace, child], { stackTags: { team: "search" } }),
      [],
    );
    const [made, shown] = given!.resources;
    assert.strictEqual(shown!.props["status"], "made");
    assert.strictEqual(shown!.parent, made);
    assert.deepStrictEqual(shown!.dependencies, [made]);
    assert.deepStrictEqual(shown!.propertyDependencies["spec"], [made]);
    assert.strictEqual(shown!.isType(Service), true);
    assert.strictEqual(given!.stackTags.get("team"), "search");
  });

  it("does not run what is disabled, by the policy or by the test", async () => {
    const policy: Policy = {
      name: "always",
      description: "Fails.",
      enforcementLevel: "disabled",
      validateResource: (_, report) => report("no"),
    };
    assert.deepStrictEqual(await runPolicy(policy, [service]), []);
    const [outcome] = await runPolicy(policy, [service], { enforcement: "advisory" });
    assert.strictEqual(outcome?.enforcement, "advisory");
    assert.deepStrictEqual(
      await runPolicy({ ...policy, enforcementLevel: "mandatory" }, [service], { enforcement: "disabled" }),
      [],
    );
  });

  it("passes on what a policy throws", () =>
    assert.rejects(
      runPolicy({ name: "breaks", description: "", validateResource: () => assert.fail("broken") }, [
        service,
      ]),
      /broken/,
    ));

  it("mends at level remediate, reports what is left as mandatory, and leaves the test's resource alone", async () => {
    const policy: Policy = {
      name: "mends",
      description: "",
      enforcementLevel: "remediate",
      remediateResource: ({ props }) => {
        props["spec"].type = "ClusterIP";
        return props;
      },
      validateResource: ({ props }, report) => report(`is a ${props["spec"].type}`),
    };
    const [outcome] = await runPolicy(policy, [service]);
    assert.deepStrictEqual([outcome?.enforcement, outcome?.message], ["mandatory", "is a ClusterIP"]);
    assert.deepStrictEqual((service.props["spec"] as { type: string }).type, "NodePort");
  });

  it("is not applicable where a policy only mends", async () => {
    const policy: Policy = { name: "mends", description: "", remediateResource: () => undefined };
    const [outcome] = await runPolicy(policy, [service]);
    assert.deepStrictEqual(
      [outcome?.state, outcome?.message],
      ["not-applicable", "Policy does not implement validateResource"],
    );
  });
});
