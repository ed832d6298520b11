import assert from "node:assert";
import type * as pulumi from "@pulumi/pulumi";
import { transform } from "../../components/transform";

describe("transform", () => {
  const args = (type: string, name: string, props: object) =>
    ({ type, name, props, custom: true, opts: {} }) as pulumi.ResourceTransformArgs;

  it("leaves a resource alone that it is not for", () => {
    const deployments = transform({ type: "kubernetes:apps/v1:Deployment", name: /^text-/ }, () => ({}));
    assert.equal(deployments(args("kubernetes:core/v1:Service", "text-service", {})), undefined);
    assert.equal(deployments(args("kubernetes:apps/v1:Deployment", "voice-deployment", {})), undefined);
    const one = transform({ name: "a" }, () => ({}));
    assert.equal(one(args("t", "ab", {})), undefined);
  });

  it("takes inputs that were changed in place, or others that are given back", () => {
    const inPlace = transform({ name: "a" }, (inputs) => {
      inputs.spec.replicas = 3;
    });
    assert.deepEqual(inPlace(args("t", "a", { spec: { replicas: 1 } })), {
      props: { spec: { replicas: 3 } },
      opts: {},
    });
    const anew = transform({ type: "t" }, (inputs, name) => ({ ...inputs, name }));
    assert.deepEqual(anew(args("t", "a", { b: 1 })), { props: { b: 1, name: "a" }, opts: {} });
  });

  it("refuses a target that is everything", () => {
    assert.throws(() => transform({}, () => undefined), /must name a `type`, a `name` or both/);
  });
});
