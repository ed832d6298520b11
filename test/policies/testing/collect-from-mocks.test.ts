import assert from "node:assert";
import { Bucket, BucketPolicy } from "@pulumi/aws/s3";
import { ConfigMap, Namespace, Pod } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import {
  assertFails,
  assertIndeterminate,
  collectFromMocks,
  runPack,
  UNKNOWN,
} from "../../../policies/testing";

class Team extends pulumi.ComponentResource {
  constructor(name: string) {
    super("example:index:Team", name);
    const namespace = new Namespace(name, { metadata: { name } }, { parent: this, protect: true });
    const metadata = { namespace: namespace.metadata.name };
    const data = { token: pulumi.secret("opaque") };
    new ConfigMap(`${name}-settings`, { metadata, data }, { parent: this, ignoreChanges: ["data"] });
  }
}

describe("collectFromMocks", () => {
  it("gives resources as the engine would: with URNs, options, plain secrets and where values come from", async () => {
    const [component, namespace, settings, ...more] = await collectFromMocks(() => new Team("search"));
    assert.deepStrictEqual(more, []);
    assert.strictEqual(component?.type, "example:index:Team");
    const of = (type: string, name: string) =>
      `urn:pulumi:test::test::example:index:Team$kubernetes:core/v1:${type}::${name}`;
    assert.strictEqual(namespace?.urn, of("Namespace", "search"));
    assert.deepStrictEqual([namespace.options?.protect, namespace.options?.parent], [true, component.urn]);
    assert.strictEqual(settings?.urn, of("ConfigMap", "search-settings"));
    assert.deepStrictEqual(settings.props["data"], { token: "opaque" });
    assert.deepStrictEqual(settings.props["metadata"], { namespace: "search" });
    assert.deepStrictEqual(settings.ignoreChanges, ["data"]);
    assert.deepStrictEqual(settings.dependencies?.["metadata"], [namespace.urn]);
  });

  const buckets = () => {
    const bucket = new Bucket("models", {});
    new BucketPolicy("models", {
      bucket: bucket.bucket,
      policy: bucket.arn.apply((arn) => `{"Resource":"${arn}"}`),
    });
  };

  it("leaves unknown what a preview does not know", async () => {
    const [, policy] = await collectFromMocks(buckets);
    assert.deepStrictEqual(policy?.props, { bucket: UNKNOWN, policy: UNKNOWN });
  });

  it("has the provider answer what the test says", async () => {
    const outputs = ({ type, name }: pulumi.runtime.MockResourceArgs) =>
      type === "aws:s3/bucket:Bucket" ? { arn: `arn:aws:s3:::${name}`, bucket: name } : {};
    const [bucket, policy] = await collectFromMocks(buckets, { outputs });
    assert.deepStrictEqual(policy?.props, { bucket: "models", policy: '{"Resource":"arn:aws:s3:::models"}' });
    assert.deepStrictEqual(
      [bucket?.props["arn"], bucket?.outputs?.["arn"]],
      [undefined, "arn:aws:s3:::models"],
    );
  });

  it("gives programs their configuration and answers to functions", async () => {
    const [namespace] = await collectFromMocks(
      async () => {
        const name = new pulumi.Config("team").require("name");
        const { region } = await pulumi.runtime.invoke("aws:index/getRegion:getRegion", {});
        new Namespace("team", { metadata: { name: `${name}-${region}` } });
      },
      { config: { "team:name": "search" }, call: () => ({ region: "eu-central-1" }) },
    );
    assert.deepStrictEqual(namespace?.props["metadata"], { name: "search-eu-central-1" });
  });

  it("fails as the program does", () =>
    assert.rejects(
      collectFromMocks(() => {
        throw new Error("no such setting");
      }),
      /no such setting/,
    ));

  it("makes what the pack judges", async () => {
    const resources = await collectFromMocks(() => {
      const image = new Bucket("images").arn;
      const pod = (name: string, container: object) =>
        new Pod(name, { metadata: { name }, spec: { containers: [{ name, ...container }] } });
      pod("late", { image });
      pod("loose", { image: "registry.example/server:latest" });
    });
    const outcomes = await runPack(resources);
    const named = (name: string) => resources.find((resource) => resource.name === name);
    assertFails(outcomes, "container-image-digest", named("loose"));
    assertIndeterminate(outcomes, "container-image-digest", named("late"));
  });
});
