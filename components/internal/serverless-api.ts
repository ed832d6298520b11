import { Api } from "@pulumi/aws/apigatewayv2/api";
import { ApiMapping } from "@pulumi/aws/apigatewayv2/apiMapping";
import { Authorizer } from "@pulumi/aws/apigatewayv2/authorizer";
import { DomainName } from "@pulumi/aws/apigatewayv2/domainName";
import { Integration } from "@pulumi/aws/apigatewayv2/integration";
import { Route, type RouteArgs } from "@pulumi/aws/apigatewayv2/route";
import { Stage } from "@pulumi/aws/apigatewayv2/stage";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import type { Alias } from "@pulumi/aws/lambda/alias";
import type { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { Permission } from "@pulumi/aws/lambda/permission";
import { Record } from "@pulumi/aws/route53/record";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedServerless, ServerlessDomain } from "../serving/serverless-settings";

/** What callers of the API ask for: the V2 protocol and nothing else. Each route asks who calls. */
const ROUTES = ["GET /v2", "GET /v2/{proxy+}", "POST /v2/{proxy+}"] as const;

const STAGE = "$default";

/** Milliseconds: the longest that an HTTP API waits. The function itself answers in time, and says why it could not. */
const LONGEST_WAIT = 30_000;

/** A line of the access log. No header and no query: both may hold credentials. */
const ACCESS_LOG = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  address: "$context.identity.sourceIp",
  caller: "$context.identity.caller",
  subject: "$context.authorizer.claims.sub",
  route: "$context.routeKey",
  path: "$context.path",
  status: "$context.status",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
  authorizerError: "$context.authorizer.error",
  functionError: "$context.integrationErrorMessage",
});

export interface FunctionApi {
  readonly api: Api;
  /** Address without the path. */
  readonly endpoint: pulumi.Output<string>;
  /** What a name of one's own has to point at; undefined without one. */
  readonly domainTarget: pulumi.Output<string> | undefined;
}

/** What the API hands requests to, and what it logs with. */
export interface ApiTarget {
  readonly lambda: LambdaFunction;
  readonly alias: Alias;
  readonly keyArn: pulumi.Input<string>;
}

/** An HTTP API in front of a function, each of its routes with the same authorization. */
export function createFunctionApi(
  name: string,
  settings: ResolvedServerless,
  { lambda, alias, keyArn }: ApiTarget,
  opts: pulumi.CustomResourceOptions,
): FunctionApi {
  const { domain } = settings;
  const tags = { ...settings.tags };
  const api = new Api(
    `${name}-api`,
    {
      protocolType: "HTTP",
      description: `Inference by ${name}`,
      // A second way in, past the name that clients were told.
      disableExecuteApiEndpoint: domain !== undefined,
      tags,
    },
    opts,
  );
  const integration = new Integration(
    `${name}-integration`,
    {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: alias.invokeArn,
      payloadFormatVersion: "2.0",
      timeoutMilliseconds: LONGEST_WAIT,
    },
    opts,
  );
  const authorization = createAuthorization(name, settings, api, opts);
  ROUTES.forEach(
    (routeKey, i) =>
      new Route(
        `${name}-route-${i}`,
        {
          apiId: api.id,
          routeKey,
          target: pulumi.interpolate`integrations/${integration.id}`,
          ...authorization,
        },
        opts,
      ),
  );
  const permission = new Permission(
    `${name}-permission`,
    {
      action: "lambda:InvokeFunction",
      function: lambda.name,
      qualifier: alias.name,
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${api.executionArn}/*/*`,
    },
    opts,
  );
  const logs = new LogGroup(
    `${name}-access-logs`,
    {
      // The prefix that CloudWatch lets AWS services write to without an entry each in a policy that can hold ten.
      name: `/aws/vendedlogs/apigateway/${logName(name)}`,
      kmsKeyId: keyArn,
      retentionInDays: settings.logRetentionDays,
      tags,
    },
    opts,
  );
  const stage = new Stage(
    `${name}-stage`,
    {
      apiId: api.id,
      name: STAGE,
      autoDeploy: true,
      accessLogSettings: { destinationArn: logs.arn, format: ACCESS_LOG },
      defaultRouteSettings: {
        throttlingRateLimit: settings.requestsPerSecond,
        throttlingBurstLimit: settings.burst,
        detailedMetricsEnabled: true,
      },
      tags,
    },
    // Nothing is answered by an API that may not call its function yet.
    { ...opts, dependsOn: [permission] },
  );
  if (domain === undefined) return { api, endpoint: api.apiEndpoint, domainTarget: undefined };
  return { api, ...createDomain(name, domain, api, stage, tags, opts) };
}

/** Part of a log group's name that other stacks of the account do not have. */
export function logName(name: string): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;
}

/** What every route asks of its callers. */
function createAuthorization(
  name: string,
  { auth }: ResolvedServerless,
  api: Api,
  opts: pulumi.CustomResourceOptions,
): Pick<RouteArgs, "authorizationType" | "authorizerId" | "authorizationScopes"> {
  if (auth.type === "iam") return { authorizationType: "AWS_IAM" };
  const authorizer = new Authorizer(
    `${name}-authorizer`,
    {
      apiId: api.id,
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { issuer: auth.issuer, audiences: [...auth.audiences] },
    },
    opts,
  );
  return {
    authorizationType: "JWT",
    authorizerId: authorizer.id,
    authorizationScopes: [...auth.scopes],
  };
}

function createDomain(
  name: string,
  { hostName, certificateArn, zoneId }: ServerlessDomain,
  api: Api,
  stage: Stage,
  tags: { [key: string]: string },
  opts: pulumi.CustomResourceOptions,
): Omit<FunctionApi, "api"> {
  const domainName = new DomainName(
    `${name}-domain`,
    {
      domainName: hostName,
      domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
      tags,
    },
    opts,
  );
  const mapping = new ApiMapping(
    `${name}-mapping`,
    { apiId: api.id, domainName: domainName.id, stage: stage.id },
    opts,
  );
  const target = domainName.domainNameConfiguration.apply(({ targetDomainName }) => targetDomainName ?? "");
  if (zoneId !== undefined) {
    new Record(
      `${name}-record`,
      {
        zoneId,
        name: hostName,
        type: "A",
        aliases: [
          {
            name: target,
            zoneId: domainName.domainNameConfiguration.apply(({ hostedZoneId }) => hostedZoneId ?? ""),
            evaluateTargetHealth: false,
          },
        ],
      },
      opts,
    );
  }
  return { endpoint: mapping.id.apply(() => `https://${hostName}`), domainTarget: target };
}
