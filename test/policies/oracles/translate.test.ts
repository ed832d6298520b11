import assert from "node:assert";
import { corpus } from "../corpus";
import { toObject, withOwnNames } from "./kubernetes";
import { toTerraform } from "./terraform";
import { TERRAFORM_TYPES } from "./terraform-types";

const label = (name: string): string => `pair-${name}`;

describe("What scanners are given of AWS", () => {
  it("has blocks in the singular, attributes in snake case and documents as texts", () => {
    const made = toTerraform(
      [
        {
          type: "aws:ec2/securityGroup:SecurityGroup",
          name: "group",
          props: { id: "sg-1", vpcId: "vpc-1", ingress: [{ fromPort: 22, ipv6CidrBlocks: ["::/0"] }] },
        },
        {
          type: "aws:elb/loadBalancer:LoadBalancer",
          name: "old",
          props: { listeners: [{ lbPort: 80 }], subnets: ["a"] },
        },
        {
          type: "aws:iam/policy:Policy",
          name: "policy",
          props: { policy: { Version: "2012-10-17", Statement: [] } },
        },
      ],
      label,
    );
    assert.deepStrictEqual(made, {
      resource: {
        aws_security_group: {
          "pair-group": { vpc_id: "vpc-1", ingress: [{ from_port: 22, ipv6_cidr_blocks: ["::/0"] }] },
        },
        aws_elb: { "pair-old": { listener: [{ lb_port: 80 }], subnets: ["a"] } },
        aws_iam_policy: { "pair-policy": { policy: '{"Version":"2012-10-17","Statement":[]}' } },
      },
    });
  });

  it("refers to other resources where a value is the name of one", () => {
    const made = toTerraform(
      [
        { type: "aws:s3/bucket:Bucket", name: "bucket", props: { bucket: "models" } },
        {
          type: "aws:s3/bucketVersioningV2:BucketVersioningV2",
          name: "versions",
          props: { bucket: "models", versioningConfiguration: { status: "Enabled" } },
        },
      ],
      label,
    );
    assert.deepStrictEqual(made, {
      resource: {
        aws_s3_bucket: { "pair-bucket": { bucket: "models" } },
        aws_s3_bucket_versioning: {
          "pair-versions": {
            bucket: "${aws_s3_bucket.pair-bucket.id}",
            versioning_configuration: { status: "Enabled" },
          },
        },
      },
    });
  });

  it("is everything of the corpus, in types that it has all of", () => {
    const types = new Set(corpus.flatMap(({ bad, good }) => [...bad, ...good].map(({ type }) => type)));
    const ofAws = [...types].filter((type) => type.startsWith("aws:")).sort();
    assert.deepStrictEqual(Object.keys(TERRAFORM_TYPES).sort(), ofAws);
  });
});

describe("What scanners are given of Kubernetes", () => {
  const role = {
    type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
    name: "role",
    props: { metadata: { name: "reader", namespace: "team" }, rules: [] },
  };

  it("is the object that goes to the API server", () => {
    const object = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", ...role.props };
    assert.deepStrictEqual(toObject(role), object);
    const pod = toObject({ type: "kubernetes:core/v1:Pod", props: { spec: {} } });
    assert.deepStrictEqual(pod, { apiVersion: "v1", kind: "Pod", spec: {} });
    assert.strictEqual(toObject({ type: "aws:sqs/queue:Queue", props: {} }), undefined);
  });

  it("has a namespace and roles of its own in every pair", () => {
    const { props } = withOwnNames(role, "a-1");
    assert.deepStrictEqual(props["metadata"], { name: "reader-a-1", namespace: "team-a-1" });
  });
});
