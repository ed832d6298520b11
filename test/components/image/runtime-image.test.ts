import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { BUILD_SCRIPT } from "../../../components/image/build-script";
import type { ImageBuild } from "../../../components/image/image-settings";
import { RuntimeImage, type RuntimeImageArgs } from "../../../components/image/runtime-image";
import { declare, type Declaration, type Declared } from "../support/declared";
import { Checkout } from "./checkout";

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const EXISTING = `registry.example.com/slipway/runtime@${digest("a")}`;
const NODE = `docker.io/library/node@${digest("1")}`;
const BASE = `gcr.io/distroless/cc-debian12@${digest("2")}`;
const ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const COMMAND = "command:local:Command";

const value = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => pulumi.unsecret(output).apply(resolve as never));

const auth = (text: string): string => Buffer.from(text).toString("base64");

describe("RuntimeImage", () => {
  let checkout!: Checkout;
  before(() => (checkout = new Checkout()));
  after(() => checkout.remove());

  const build = (args: Partial<ImageBuild> = {}): ImageBuild => ({
    context: checkout.folder,
    nodeImage: NODE,
    baseImage: BASE,
    ...args,
  });
  const declared = (args: Partial<ImageBuild> = {}, name = "runtime"): Promise<Declaration> =>
    declare(() => void new RuntimeImage(name, build(args)));

  function one(declaration: Declaration, type: string): Declared {
    const found = declaration.resources.filter((resource) => resource.type === type);
    assert.equal(found.length, 1, type);
    return found[0]!;
  }

  /** Secrets travel as objects under this key. */
  const revealed = (input: { value: string } | string): string =>
    typeof input === "string" ? input : input.value;

  describe("that is there", () => {
    it("is its reference, and makes nothing", async () => {
      let image!: RuntimeImage;
      const { resources } = await declare(() => {
        image = new RuntimeImage("runtime", { existing: EXISTING });
      });
      assert.equal(await value(image.reference), EXISTING);
      assert.equal(image.repository, undefined);
      assert.deepEqual(
        resources.map(({ type }) => type),
        ["slipway:index:RuntimeImage"],
      );
    });

    it("may be known later, and is checked then", async () => {
      let image!: RuntimeImage;
      await declare(() => {
        image = new RuntimeImage("runtime", { existing: pulumi.output(EXISTING) });
      });
      assert.equal(await value(image.reference), EXISTING);
    });
  });

  describe("in ECR", () => {
    it("has a repository whose tags stay, that is scanned, and encrypted with a key that rotates", async () => {
      const declaration = await declared();
      const { name, inputs } = one(declaration, "aws:ecr/repository:Repository");
      assert.equal(name, "runtime-repository");
      assert.equal(inputs.name, "slipway/runtime");
      assert.equal(inputs.imageTagMutability, "IMMUTABLE");
      assert.deepEqual(inputs.imageScanningConfiguration, { scanOnPush: true });
      assert.equal(inputs.encryptionConfigurations[0].encryptionType, "KMS");
      assert.match(inputs.encryptionConfigurations[0].kmsKey, /:runtime-key$/);
      assert.equal(inputs.forceDelete, false);
      assert.equal(one(declaration, "aws:kms/key:Key").inputs.enableKeyRotation, true);
    });

    it("takes a key, a name, tags, and leave to go with its images", async () => {
      const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
      const declaration = await declared({
        kmsKeyArn,
        repository: "team/server",
        tags: { team: "serving" },
        forceDelete: true,
      });
      const { inputs } = one(declaration, "aws:ecr/repository:Repository");
      assert.equal(inputs.encryptionConfigurations[0].kmsKey, kmsKeyArn);
      assert.deepEqual([inputs.name, inputs.forceDelete], ["team/server", true]);
      assert.deepEqual(inputs.tags, { team: "serving" });
      assert.ok(!declaration.types().includes("aws:kms/key:Key"));
    });

    it("expires untagged images, old caches, and all but the newest images", async () => {
      const declaration = await declared({ variant: "cuda", keepImages: 5 });
      const { inputs } = one(declaration, "aws:ecr/lifecyclePolicy:LifecyclePolicy");
      assert.equal(inputs.repository, "slipway/runtime");
      const rules = JSON.parse(inputs.policy).rules;
      assert.deepEqual(
        // eslint-disable-next-line @typescript-eslint/no-explicit-any
        rules.map(({ rulePriority, selection, action }: any) => [rulePriority, selection, action.type]),
        [
          [
            1,
            { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
            "expire",
          ],
          [2, counted("cache-", 2), "expire"],
          [3, counted("cuda-", 5), "expire"],
        ],
      );
    });

    const counted = (prefix: string, countNumber: number) => ({
      tagStatus: "tagged",
      tagPrefixList: [prefix],
      countType: "imageCountMoreThan",
      countNumber,
    });
  });

  describe("that is built", () => {
    it("is made by the script from the checkout, with bases by digest and a tag that says what is in it", async () => {
      const { name, inputs } = one(await declared(), COMMAND);
      const id = /^runtime-build-([0-9a-f]{16})$/.exec(name)?.[1];
      const { CACHE, ...environment } = inputs.environment;
      assert.deepEqual(environment, {
        PLATFORMS: "linux/amd64",
        VARIANT: "cpu",
        NODE_IMAGE: NODE,
        BASE_IMAGE: BASE,
        SBOM: "type=sbom",
        REFERENCE: `${ECR}/slipway/runtime:cpu-1.2.3-${id}`,
      });
      assert.match(CACHE, /^123456789012\S+\/slipway\/runtime:cache-cpu-[0-9a-f]{16}$/);
      assert.equal(inputs.create, BUILD_SCRIPT);
      assert.equal(inputs.dir, checkout.folder);
      assert.deepEqual(inputs.interpreter, ["/bin/sh", "-c"]);
    });

    it("is what the script prints, no secret although its login is one", async () => {
      let image!: RuntimeImage;
      const declaration = await declare(() => {
        image = new RuntimeImage("runtime", build());
      });
      assert.equal(await value(image.reference), `printed by ${one(declaration, COMMAND).name}`);
      assert.equal(await pulumi.isSecret(image.reference), false);
    });

    it("logs in to ECR with a token that is a secret, beside other logins", async () => {
      const mirror = { host: "mirror.example.com:5000", username: "u", password: pulumi.secret("p") };
      const { inputs } = one(await declared({ logins: [mirror] }), COMMAND);
      assert.equal(typeof inputs.stdin, "object", "a secret");
      assert.deepEqual(JSON.parse(revealed(inputs.stdin)), {
        auths: {
          [ECR]: { auth: auth("AWS:ecr-token") },
          "mirror.example.com:5000": { auth: auth("u:p") },
        },
      });
    });

    it("goes to another registry, with the machine's logins or those given", async () => {
      const registry = "ghcr.io/team/runtime";
      const declaration = await declared({ registry });
      assert.deepEqual(declaration.types(), ["slipway:index:RuntimeImage", COMMAND]);
      const { inputs } = one(declaration, COMMAND);
      assert.match(inputs.environment.REFERENCE, /^ghcr\.io\/team\/runtime:cpu-1\.2\.3-/);
      assert.equal(inputs.stdin, "");
      const login = { host: "ghcr.io", username: "robot", password: "p" };
      const given = one(await declared({ registry, logins: [login] }), COMMAND).inputs;
      assert.deepEqual(JSON.parse(revealed(given.stdin)), {
        auths: { "ghcr.io": { auth: auth("robot:p") } },
      });
    });

    it("takes platforms, a generator of its list of software, a builder, and no cache", async () => {
      const generator = `docker.io/docker/buildkit-syft-scanner@${digest("3")}`;
      const { environment } = one(
        await declared({
          platforms: ["linux/amd64", "linux/arm64"],
          sbomGenerator: generator,
          builder: "farm",
          cache: false,
        }),
        COMMAND,
      ).inputs;
      assert.equal(environment.PLATFORMS, "linux/amd64,linux/arm64");
      assert.equal(environment.SBOM, `type=sbom,generator=${generator}`);
      assert.equal(environment.BUILDX_BUILDER, "farm");
      assert.equal(environment.CACHE, "");
    });

    it("is a list of manifests, unless it is of one platform and attests nothing", async () => {
      const isList = async (args: Partial<ImageBuild>) => {
        let image!: RuntimeImage;
        await declare(() => {
          image = new RuntimeImage("runtime", build(args));
        });
        return image.isList;
      };
      assert.equal(await isList({}), true);
      assert.equal(await isList({ attestations: false }), false);
      assert.equal(await isList({ attestations: false, platforms: ["linux/amd64", "linux/arm64"] }), true);
      const { environment } = one(await declared({ attestations: false }), COMMAND).inputs;
      assert.equal(environment.SBOM, "");
    });

    it("is a new build for other sources or settings, and the same one elsewhere, on another builder", async () => {
      const name = async (args: Partial<ImageBuild>) => one(await declared(args), COMMAND).name;
      const first = await name({});
      const copy = checkout.copy();
      assert.equal(await name({ context: copy.folder, builder: "farm" }), first);
      copy.write("runtime/main.ts", "export const changed = true;\n");
      const others: Partial<ImageBuild>[] = [
        { context: copy.folder },
        { variant: "cuda" },
        { platforms: ["linux/arm64"] },
        { baseImage: `base@${digest("4")}` },
        { nodeImage: `node@${digest("4")}` },
        { repository: "other/name" },
        { sbomGenerator: `scanner@${digest("4")}` },
        { attestations: false },
      ];
      const names = new Set([first]);
      // One after the other: the mocks are the process's.
      for (const other of others) names.add(await name(other));
      assert.equal(names.size, others.length + 1);
      copy.remove();
    });
  });

  describe("refuses", () => {
    const wrong: [string, () => RuntimeImageArgs, string][] = [
      [
        "an existing image by tag",
        () => ({ existing: "registry.example.com/slipway/runtime:1" }),
        '`existing`: "registry.example.com/slipway/runtime:1" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
      ],
      [
        "a build of an image that is there",
        () => ({ existing: EXISTING, ...build() }),
        "`context`: has no meaning beside `existing`; leave one of them out; " +
          "`nodeImage`: has no meaning beside `existing`; leave one of them out; " +
          "`baseImage`: has no meaning beside `existing`; leave one of them out",
      ],
      [
        "neither an image nor a build",
        () => ({}) as RuntimeImageArgs,
        "`context`: must be given where there is no `existing`; `nodeImage`: must be given where there is no `existing`; " +
          "`baseImage`: must be given where there is no `existing`",
      ],
      [
        "CUDA where onnxruntime-node has none",
        () => build({ variant: "cuda", platforms: ["linux/amd64", "linux/arm64"] }),
        '`platforms[1]`: onnxruntime-node has no cuda libraries for linux/arm64; "cuda" must be linux/amd64',
      ],
      [
        "a platform that is none of them",
        () => build({ platforms: ["windows/amd64" as never] }),
        '`platforms[0]`: "windows/amd64" must be linux/amd64 or linux/arm64',
      ],
      [
        "no platform",
        () => build({ platforms: [] }),
        "`platforms`: must name at least one, as in linux/amd64",
      ],
      [
        "a platform twice",
        () => build({ platforms: ["linux/arm64", "linux/arm64"] }),
        '`platforms[1]`: "linux/arm64" is also platforms[0]',
      ],
      [
        "an unknown variant",
        () => build({ variant: "rocm" as never }),
        '`variant`: "rocm" must be one of cpu, cuda',
      ],
      [
        "bases by tag",
        () => build({ nodeImage: "node:20", baseImage: "debian" }),
        '`nodeImage`: "node:20" must end in a digest (@sha256:<64 hex digits>): a tag can be moved; ' +
          '`baseImage`: "debian" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
      ],
      [
        "a generator that would be more than an image",
        () => build({ sbomGenerator: `a,generator=b@${digest("1")}` }),
        `\`sbomGenerator\`: "a,generator=b@${digest("1")}" is not an image reference`,
      ],
      [
        "a generator for a list that is not made",
        () => build({ attestations: false, sbomGenerator: `scanner@${digest("1")}` }),
        "`sbomGenerator`: has no meaning where `attestations` is false; leave one of them out",
      ],
      [
        "a folder that is no checkout",
        () => build({ context: "no/checkout" }),
        '`context`: "no/checkout" must be a checkout of this project; it has no ' +
          ".dockerignore, .npmrc, Dockerfile, package-lock.json, package.json, runtime, toolchain, tsconfig.json",
      ],
      [
        "settings of ECR for another registry",
        () => build({ registry: "ghcr.io/team/runtime", repository: "runtime", keepImages: 3 }),
        "`repository`: has a meaning only for a repository in ECR; leave it out, or `registry`; " +
          "`keepImages`: has a meaning only for a repository in ECR; leave it out, or `registry`",
      ],
      ...["https://ghcr.io/team/runtime", "ghcr.io", "team/runtime", "ghcr.io/team/runtime:1"].map(
        (registry): [string, () => RuntimeImageArgs, string] => [
          `"${registry}" as a registry`,
          () => build({ registry }),
          `\`registry\`: "${registry}" must be a repository with its registry's host, as in ghcr.io/team/runtime: no scheme, no tag`,
        ],
      ),
      ...["Runtime", "r", "a//b", "-a/b"].map((repository): [string, () => RuntimeImageArgs, string] => [
        `"${repository}" as a repository`,
        () => build({ repository }),
        `\`repository\`: "${repository}" must be 2 to 256 lower-case letters, digits, ".", "_", "-" and "/", ` +
          "each part beginning and ending with a letter or digit",
      ]),
      [
        "to keep no image",
        () => build({ keepImages: 0 }),
        "`keepImages`: 0 must be a whole number of at least 1",
      ],
      [
        "a login for an address",
        () => build({ logins: [{ host: "https://ghcr.io", username: "u", password: "p" }] }),
        '`logins[0].host`: "https://ghcr.io" must be a host, as in ghcr.io: no scheme, no path',
      ],
    ];
    for (const [what, args, reasons] of wrong) {
      it(what, async () => {
        const { resources } = await declare(() =>
          assert.throws(() => new RuntimeImage("runtime", args()), {
            message: `RuntimeImage "runtime": ${reasons}`,
          }),
        );
        assert.deepEqual(
          resources.map(({ type }) => type),
          ["slipway:index:RuntimeImage"],
        );
      });
    }
  });
});
