import assert from "node:assert";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  ModelRepository,
  RuntimeImage,
  ServerlessEndpoint,
  type ServerlessEndpointArgs,
} from "../../../components";
import type { ImageBuild } from "../../../components/image/image-settings";
import { declare } from "../support/declared";
import { DIGEST, model } from "../support/examples";

const IMAGE = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@${DIGEST}`;
const JWT = { type: "jwt", issuer: "https://login.example.com", audiences: ["slipway"] } as const;
const LAMBDA = "aws:lambda/function:Function";
const ROUTE = "aws:apigatewayv2/route:Route";

const s3 = () =>
  new ModelRepository("models", {
    kind: "s3",
    clusterName: "serving",
    existing: {
      bucket: "my-models",
      keyArn: "arn:aws:kms:eu-central-1:123456789012:key/abc",
      region: "eu-central-1",
    },
    models: [
      { name: "ocr", version: "4", sha256: "b".repeat(64) },
      { name: "other", version: "1", sha256: "c".repeat(64) },
    ],
  });

async function declared(args: Partial<ServerlessEndpointArgs> = {}) {
  const declaration = await declare(
    () => new ServerlessEndpoint("ocr", { image: IMAGE, auth: { type: "iam" }, ...args }),
  );
  const inputs = (type: string) => {
    const found = declaration.resources.filter((resource) => resource.type === type);
    return found.map((resource) => resource.inputs);
  };
  const policy = (name: string) => {
    const found = declaration.resources.find((resource) => resource.name === name);
    return found && JSON.parse(found.inputs.policy).Statement;
  };
  return { declaration, inputs, policy };
}

function reasons(args: Partial<ServerlessEndpointArgs>, name = "ocr"): string[] {
  try {
    new ServerlessEndpoint(name, { image: IMAGE, auth: { type: "iam" }, ...args });
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    return error.errors.map(({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`);
  }
  return [];
}

describe("ServerlessEndpoint", () => {
  before(() => declare(() => undefined));

  describe("of a RuntimeImage", () => {
    const built = (args: Partial<ImageBuild> = {}) => {
      const context = join(__dirname, "../../..");
      return new RuntimeImage("lambda", {
        context,
        nodeImage: `n@${DIGEST}`,
        baseImage: `b@${DIGEST}`,
        ...args,
      });
    };

    it("runs what was built of one platform without attestations", async () => {
      const declaration = await declare(() => {
        const image = new RuntimeImage("lambda", { existing: IMAGE });
        new ServerlessEndpoint("ocr", { image, auth: { type: "iam" } });
        built({ attestations: false });
      });
      const found = declaration.resources.find(({ type }) => type === LAMBDA);
      assert.strictEqual(found!.inputs.imageUri, IMAGE);
      assert.deepStrictEqual(reasons({ image: built({ attestations: false }) }), []);
    });

    it("refuses a list of manifests, which Lambda would", () => {
      const list =
        "`image`: is a list of manifests, which Lambda does not take: its RuntimeImage needs `attestations: false` and a single platform";
      assert.deepStrictEqual(reasons({ image: built() }), [list]);
      const platforms = ["linux/amd64", "linux/arm64"] as const;
      assert.deepStrictEqual(reasons({ image: built({ attestations: false, platforms }) }), [list]);
    });
  });

  it("runs the server's image as it is, with the memory, disk and time that were asked for", async () => {
    const { inputs } = await declared({
      memoryMiB: 4096,
      storageMiB: 1024,
      timeout: 20,
      architecture: "arm64",
    });
    const [lambda] = inputs(LAMBDA);
    assert.strictEqual(lambda.imageUri, IMAGE);
    assert.deepStrictEqual(
      [lambda.packageType, lambda.imageConfig, lambda.architectures, lambda.publish],
      ["Image", { commands: ["lambda"] }, ["arm64"], true],
    );
    assert.deepStrictEqual(
      [lambda.memorySize, lambda.ephemeralStorage, lambda.timeout],
      [4096, { size: 1024 }, 20],
    );
    assert.deepStrictEqual(lambda.environment.variables, { SLIPWAY_MODEL_REPOSITORY: "/models" });
    assert.strictEqual(lambda.vpcConfig, undefined);
  });

  it("asks every route's callers for AWS credentials, or for a token with audience and scope", async () => {
    const iam = (await declared()).inputs(ROUTE);
    assert.deepStrictEqual(
      iam.map(({ routeKey, authorizationType }) => [routeKey, authorizationType]),
      ["GET /v2", "GET /v2/{proxy+}", "POST /v2/{proxy+}"].map((route) => [route, "AWS_IAM"]),
    );
    const jwt = await declared({ auth: JWT });
    for (const route of jwt.inputs(ROUTE)) {
      assert.deepStrictEqual(
        [route.authorizationType, route.authorizerId, route.authorizationScopes],
        ["JWT", "ocr-authorizer-id", ["infer"]],
      );
    }
    const [authorizer] = jwt.inputs("aws:apigatewayv2/authorizer:Authorizer");
    assert.deepStrictEqual(authorizer.jwtConfiguration, { issuer: JWT.issuer, audiences: ["slipway"] });
  });

  it("has no function URL, and lets only its own API call the alias", async () => {
    const { declaration, inputs } = await declared();
    assert.ok(!declaration.types().some((type) => /functionUrl/i.test(type)));
    const [permission] = inputs("aws:lambda/permission:Permission");
    assert.deepStrictEqual(
      [permission.principal, permission.qualifier, permission.functionUrlAuthType],
      ["apigateway.amazonaws.com", "live", undefined],
    );
    assert.ok("sourceArn" in permission);
  });

  it("reserves what it may take, and keeps environments started only where it is asked to", async () => {
    const PROVISIONED = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
    const plain = await declared();
    assert.strictEqual(plain.inputs(LAMBDA)[0].reservedConcurrentExecutions, 10);
    assert.deepStrictEqual(plain.inputs(PROVISIONED), []);
    const warm = await declared({ reservedConcurrency: 4, provisionedConcurrency: 4 });
    const [config] = warm.inputs(PROVISIONED);
    assert.deepStrictEqual([config.qualifier, config.provisionedConcurrentExecutions], ["live", 4]);
  });

  it("encrypts environment and logs with one key, and keeps logs of both for a year", async () => {
    const { inputs } = await declared();
    const keyArn = "arn:aws:mock:eu-central-1:123456789012:ocr-key";
    assert.strictEqual(inputs(LAMBDA)[0].kmsKeyArn, keyArn);
    assert.deepStrictEqual(
      inputs("aws:cloudwatch/logGroup:LogGroup").map(({ name, kmsKeyId, retentionInDays }) => [
        name,
        kmsKeyId,
        retentionInDays,
      ]),
      [
        ["/aws/lambda/slipway-local-ocr", keyArn, 365],
        ["/aws/vendedlogs/apigateway/slipway-local-ocr", keyArn, 365],
      ],
    );
    const own = await declared({ keyArn: "arn:aws:kms:eu-central-1:1:key/x" });
    assert.deepStrictEqual(own.inputs("aws:kms/key:Key"), []);
    assert.strictEqual(own.inputs(LAMBDA)[0].kmsKeyArn, "arn:aws:kms:eu-central-1:1:key/x");
  });

  it("throttles, and logs requests without what may be secret in them", async () => {
    const { inputs } = await declared({ requestsPerSecond: 7, burst: 9 });
    const [stage] = inputs("aws:apigatewayv2/stage:Stage");
    assert.deepStrictEqual(stage.defaultRouteSettings, {
      throttlingRateLimit: 7,
      throttlingBurstLimit: 9,
      detailedMetricsEnabled: true,
    });
    assert.doesNotMatch(stage.accessLogSettings.format, /header|query/i);
    assert.strictEqual(JSON.parse(stage.accessLogSettings.format).status, "$context.status");
  });

  it("fetches models with a role that reads those and nothing else", async () => {
    const declaration = await declare(
      () =>
        new ServerlessEndpoint("ocr", {
          image: IMAGE,
          auth: { type: "iam" },
          repository: s3(),
          models: [{ name: "ocr", version: "4", sha256: "b".repeat(64) }],
          options: { intraOpThreads: 2 },
          metricsNamespace: "Slipway",
        }),
    );
    const lambda = declaration.resources.find(({ type }) => type === LAMBDA)!.inputs;
    const { SLIPWAY_MODELS: models, ...rest } = lambda.environment.variables;
    assert.deepStrictEqual(JSON.parse(models), [
      { name: "ocr", version: "4", source: "s3://my-models/ocr/4/model.onnx", sha256: "b".repeat(64) },
    ]);
    assert.deepStrictEqual(rest, {
      SLIPWAY_INTRA_OP_THREADS: "2",
      SLIPWAY_METRICS_NAMESPACE: "Slipway",
      SLIPWAY_MODEL_REPOSITORY: "/tmp/models",
      SLIPWAY_S3_REGION: "eu-central-1",
    });
    const policies = declaration.resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    const allowed = policies.flatMap(({ inputs }) => JSON.parse(inputs.policy).Statement);
    assert.deepStrictEqual(
      allowed.map(({ Effect, Action, Resource }) => [Effect, Action, Resource]),
      [
        [
          "Allow",
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          ["arn:aws:mock:eu-central-1:123456789012:ocr-logs:*"],
        ],
        ["Allow", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]],
        ["Allow", ["kms:Decrypt"], ["arn:aws:mock:eu-central-1:123456789012:ocr-key"]],
        ["Allow", ["s3:GetObject"], ["arn:aws:s3:::my-models/ocr/4/model.onnx"]],
        ["Allow", ["kms:Decrypt"], ["arn:aws:kms:eu-central-1:123456789012:key/abc"]],
      ].sort((a, b) => order(a) - order(b)),
    );
    function order(statement: unknown[]): number {
      return allowed.findIndex(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(statement[2]));
    }
  });

  it("grows memory and disk with the models", async () => {
    const { inputs } = await declared({
      repository: s3(),
      models: [{ name: "ocr", version: "4", sha256: "b".repeat(64) }],
      modelSize: "400Mi",
    });
    const [lambda] = inputs(LAMBDA);
    assert.deepStrictEqual([lambda.memorySize, lambda.ephemeralStorage.size], [2048 + 800, 512 + 900]);
  });

  it("has an address in a network where it is asked to, with a role that the function's own code cannot use for it", async () => {
    const network = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };
    const { inputs, policy } = await declared({ network });
    assert.deepStrictEqual(inputs(LAMBDA)[0].vpcConfig, network);
    const [allowed, denied] = policy("ocr-network-policy");
    assert.deepStrictEqual([allowed.Effect, denied.Effect, denied.Action], ["Allow", "Deny", allowed.Action]);
    assert.deepStrictEqual(denied.Condition, {
      ArnLike: {
        "lambda:SourceFunctionArn": ["arn:aws:lambda:eu-central-1:123456789012:function:ocr-function-*"],
      },
    });
  });

  it("answers under a name of one's own alone, with TLS 1.2", async () => {
    const domain = {
      hostName: "ocr.example.com",
      certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/abc-1",
      zoneId: "Z1",
    };
    const { inputs } = await declared({ domain });
    assert.strictEqual(inputs("aws:apigatewayv2/api:Api")[0].disableExecuteApiEndpoint, true);
    const [name] = inputs("aws:apigatewayv2/domainName:DomainName");
    assert.deepStrictEqual(name.domainNameConfiguration, {
      certificateArn: domain.certificateArn,
      endpointType: "REGIONAL",
      securityPolicy: "TLS_1_2",
    });
    const [record] = inputs("aws:route53/record:Record");
    assert.deepStrictEqual([record.zoneId, record.name, record.type], ["Z1", "ocr.example.com", "A"]);
    assert.strictEqual(
      (await declared()).inputs("aws:apigatewayv2/api:Api")[0].disableExecuteApiEndpoint,
      false,
    );
  });

  describe("refuses", () => {
    const CASES: [Partial<Record<keyof ServerlessEndpointArgs, unknown>>, string][] = [
      [{ auth: { type: "none" } }, '`auth.type`: "none" must be "iam" or "jwt": every route asks who calls'],
      [{ auth: undefined }, '`auth.type`: "undefined" must be "iam" or "jwt": every route asks who calls'],
      [
        { auth: { ...JWT, issuer: "http://login.example.com" } },
        '`auth.issuer`: "http://login.example.com" must be an https:// address, without query or fragment',
      ],
      [
        { auth: { ...JWT, audiences: [] } },
        "`auth.audiences`: must name at least one audience: a token that was issued for another service would be taken otherwise",
      ],
      [{ auth: { ...JWT, scopes: [] } }, "`auth.scopes`: [] must be at least one scope, without white space"],
      [
        { image: `registry.example.com/slipway@${DIGEST}` },
        `\`image\`: "registry.example.com/slipway@${DIGEST}" must lie in a private repository of ECR (ACCOUNT.dkr.ecr.REGION.amazonaws.com/…): Lambda takes images from nowhere else`,
      ],
      [
        { image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway:1" },
        '`image`: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway:1" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
      ],
      [{ memoryMiB: 127 }, "`memoryMiB`: 127 must be a whole number from 128 to 10240"],
      [{ memoryMiB: 10_241 }, "`memoryMiB`: 10241 must be a whole number from 128 to 10240"],
      [{ storageMiB: 511 }, "`storageMiB`: 511 must be a whole number from 512 to 10240"],
      [{ timeout: 0 }, "`timeout`: 0 must be a whole number from 1 to 900"],
      [{ timeout: 901 }, "`timeout`: 901 must be a whole number from 1 to 900"],
      [
        { reservedConcurrency: 0 },
        "`reservedConcurrency`: 0 must be a whole number >= 1; with 0 the function would refuse every request",
      ],
      [{ provisionedConcurrency: 11 }, "`provisionedConcurrency`: 11 must be <= `reservedConcurrency` (10)"],
      [{ provisionedConcurrency: -1 }, "`provisionedConcurrency`: -1 must be a whole number >= 0"],
      [{ burst: 0.5 }, "`burst`: 0.5 must be a whole number >= 1"],
      [{ requestsPerSecond: 0 }, "`requestsPerSecond`: 0 must be a number greater than 0"],
      [{ architecture: "amd64" }, '`architecture`: "amd64" must be "x86_64" or "arm64"'],
      [
        { logRetentionDays: 8 },
        "`logRetentionDays`: 8 must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
      ],
      [{ modelSize: "1Gi" }, "`modelSize`: is of models that are fetched, of which there are none"],
      [{ imageModels: "models" }, '`imageModels`: "models" must be an absolute path, as in "/models"'],
      [{ models: [model("m")] }, "`repository`: must be given with `models`"],
      [
        { options: { httpPort: 1 } },
        '`options.httpPort`: "httpPort" must be one of modelMemoryBudget, instances, intraOpThreads, batching, inline, runTimeout, maxQueueSize, maxTensorElements, maxJsonDepth, logLevel, accessLog',
      ],
      [
        { metricsNamespace: "AWS/Lambda" },
        '`metricsNamespace`: "AWS/Lambda" must be 1 to 255 letters, digits, ".", "_", "/", "#", ":" or "-", and begin neither with "AWS/" nor ":"',
      ],
      [
        { domain: { hostName: "models", certificateArn: pulumi.output("") } },
        '`domain.hostName`: "models" must be a host name, as in "models.example.com"',
      ],
      [
        { network: { subnetIds: [], securityGroupIds: ["sg-1"] } },
        "`network.subnetIds`: 0 must be from 1 to 16",
      ],
    ];
    for (const [args, sentence] of CASES) {
      it(sentence.split(" ").slice(0, 9).join(" "), () =>
        assert.deepStrictEqual(reasons(args as Partial<ServerlessEndpointArgs>), [sentence]),
      );
    }

    it("models of a volume, of no repository, and too large ones", () => {
      const pvc = new ModelRepository("volume", {
        kind: "pvc",
        claimName: "models",
        models: [{ name: "ocr", version: "4", sha256: "b".repeat(64) }],
      });
      assert.deepStrictEqual(reasons({ repository: pvc, models: [...pvc.models] }), [
        '`repository`: is of kind "pvc", but a function cannot mount volumes of a cluster; use "s3" or "oci"',
      ]);
      assert.deepStrictEqual(reasons({ repository: s3() }), ["`models`: must be given with `repository`"]);
      assert.deepStrictEqual(reasons({ repository: s3(), models: [model("none")] }), [
        "`models[0]`: none/1 is not in the repository",
      ]);
      const models = [{ name: "ocr", version: "4", sha256: "b".repeat(64) }];
      assert.deepStrictEqual(reasons({ repository: s3(), models, modelSize: "5Gi" }), [
        "`memoryMiB`: 12288, which models of 5Gi (`modelSize`) take must be a whole number from 128 to 10240",
        "`storageMiB`: 12032, which models of 5Gi (`modelSize`) take must be a whole number from 512 to 10240",
      ]);
      assert.deepStrictEqual(
        reasons({ repository: s3(), models, modelSize: "1Gi", memoryMiB: 1024, storageMiB: 1024 }),
        [
          "`memoryMiB`: 1024 cannot hold models of 1Gi (`modelSize`) and the server",
          "`storageMiB`: 1024 cannot hold models of 1Gi (`modelSize`)",
        ],
      );
    });

    it("a name that cannot be a role's", () =>
      assert.deepStrictEqual(reasons({}, "a b"), [
        '`name`: "a b" must be at most 48 letters, digits, "-" or "_": function and role are called after it',
      ]));
  });

  it("refuses more models than a function's environment holds", () => {
    const models = Array.from({ length: 30 }, (_, i) => model(`model-${i}`));
    const repository = new ModelRepository("many", { models });
    const [reason, ...others] = reasons({ repository, models });
    assert.match(
      reason!,
      /^`models`: take \d{4} bytes of environment, more than the 4096 of a function; use a further endpoint, shorter sources, or models in the image$/,
    );
    assert.deepStrictEqual(others, []);
  });
});
