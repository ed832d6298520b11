import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ServingStack, type ServingStackArgs, type StackService } from "../../components";
import { runPack } from "../../policies/testing";
import { CERTIFICATE, JWT, KEY } from "./support/callers";
import { declare, type Declaration } from "./support/declared";
import { model, stackArgs } from "./support/examples";

const OTHER_KEY = "fedcba9876543210fedcba9876543210";
const slots = { blue: { models: [model("voice", "4")] } };

/** A platform whose gateway takes keys; its services each ask in a way of their own. */
const services: readonly StackService[] = [
  { name: "text", models: [model("ocr")] },
  {
    name: "people",
    models: [model("faces")],
    auth: { jwt: JWT, oidc: { clientId: "m", clientSecret: "s" } },
  },
  { name: "own", models: [model("own")], auth: {} },
  {
    name: "voice",
    rollout: { slots, strategy: { kind: "blueGreen" } },
    auth: { basic: { users: { ada: { password: OTHER_KEY } } } },
  },
];

const args = (change: Partial<ServingStackArgs> = {}): ServingStackArgs => ({
  ...stackArgs(),
  gateway: {
    host: "models.example.com",
    auth: { apiKeys: { clients: { ci: { key: KEY } } }, mtls: { caCertificates: CERTIFICATE } },
  },
  services,
  ...change,
});

const declared = () => declare(() => new ServingStack("slipway", args()));

/** How the policy of a service's routes asks. */
const kinds = (declaration: Declaration, name: string): string[] =>
  Object.keys(declaration.object("SecurityPolicy", name).spec).filter((key) =>
    ["apiKeyAuth", "basicAuth", "jwt", "oidc"].includes(key),
  );

async function problems(service: Partial<StackService>): Promise<string[]> {
  let found: string[] = [];
  await declare(() => {
    try {
      const one = { name: "text", models: [model("ocr")], ...service };
      new ServingStack("slipway", args({ services: [one] }));
    } catch (error) {
      assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
      found = error.errors.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
    }
  });
  return found;
}

describe("authentication of a service of a ServingStack", () => {
  it("takes the place of the gateway's as a whole, on every route of that service and of no other", async () => {
    const declaration = await declared();
    assert.deepEqual(kinds(declaration, "text-http"), ["apiKeyAuth"]);
    assert.deepEqual(kinds(declaration, "people-http"), ["jwt"]);
    assert.deepEqual(kinds(declaration, "people-sign-in").sort(), ["jwt", "oidc"]);
    assert.deepEqual(kinds(declaration, "own-grpc"), ["jwt"]);
    assert.deepEqual(kinds(declaration, "voice-http"), ["basicAuth"]);
    assert.deepEqual(kinds(declaration, "voice-grpc"), ["basicAuth"]);
    const { issuer } = declaration.object("SecurityPolicy", "own-http").spec.jwt.providers[0];
    assert.equal(issuer, "https://slipway.local", "without a kind, the stack's own tokens");
  });

  it("leaves the gateway's client certificates to be asked for", async () => {
    const declaration = await declared();
    for (const name of ["text-http", "people-http", "own-http", "voice-http"]) {
      const { rules } = declaration.object("SecurityPolicy", name).spec.authorization;
      assert.match(JSON.stringify(rules), /connection\.mtls/, name);
    }
  });

  it("is no setting of the servers, and changes nothing of them", async () => {
    const without = (declaration: Declaration) =>
      declaration.kind("Deployment").map(({ name, inputs }) => JSON.stringify([name, inputs.spec]));
    const plain = services.map(({ auth: _auth, ...rest }) => rest);
    const other = await declare(() => new ServingStack("slipway", args({ services: plain })));
    assert.deepEqual(without(await declared()), without(other));
  });

  it("passes the policies' rule of routes' effective authentication, which fails without any of its policies", async () => {
    // Client certificates alone would satisfy the rule.
    const gateway = { host: "models.example.com", auth: { apiKeys: { clients: { ci: { key: KEY } } } } };
    const { resources } = await declare(() => new ServingStack("slipway", args({ gateway })));
    const plain = resources
      .filter(({ type }) => !type.startsWith("slipway:"))
      .map(({ type, name, inputs }) => ({ type, name, props: inputs }));
    const failures = async (removed?: string) =>
      (
        await runPack(
          plain.filter(({ props }) => props.metadata?.name !== removed || props.kind !== "SecurityPolicy"),
        )
      )
        .filter(({ rule, state }) => rule === "route-effective-authentication" && state !== "not-applicable")
        .map(({ message }) => message);
    assert.deepEqual(await failures(), []);
    for (const name of ["people-http", "own-grpc", "voice-http"]) {
      assert.ok((await failures(name)).length > 0, name);
    }
  });

  it("is checked with everything else, where it was given", async () => {
    const weak = { apiKeys: { clients: { ci: { key: "short" } } } };
    const [problem, ...more] = await problems({ auth: weak });
    assert.match(problem!, /^services\[0\]\.auth\.apiKeys\.clients\.ci\.key: /);
    assert.deepEqual(more, []);
    const both = await problems({ auth: { ...weak, jwt: JWT }, replicas: -1 });
    assert.deepEqual(
      both.map((one) => one.split(":")[0]),
      ["services[0].auth", "services[0].auth.apiKeys.clients.ci.key", "services[0].replicas"],
    );
    // A program in JavaScript may think that this leaves a service open.
    const [open] = await problems({ auth: null as unknown as StackService["auth"] });
    assert.equal(
      open,
      "services[0].auth: null must be an object, as in { apiKeys: … }: no route is without authentication",
    );
  });
});
