import type { World } from "../model";
import { arn, aws, LOGS } from "./aws";

const BALANCER = arn("elasticloadbalancing", "loadbalancer/app/shop/1");
const GROUP = arn("elasticloadbalancing", "targetgroup/shop/1");
const CERTIFICATE = arn("acm", "certificate/1");
const TLS13 = "ELBSecurityPolicy-TLS13-1-2-2021-06";
const STAGE = "arn:aws:apigateway:eu-west-1::/restapis/api-1/stages/live";
export const FORWARD = [{ type: "forward", targetGroupArn: GROUP }];

/** An Application Load Balancer with a listener for TLS and one that redirects to it. */
export const balancer = (): World => ({
  resources: {
    listener: aws("lb/listener:Listener", {
      loadBalancerArn: BALANCER,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: TLS13,
      certificateArn: CERTIFICATE,
      defaultActions: FORWARD,
    }),
    redirect: aws("lb/listener:Listener", {
      loadBalancerArn: BALANCER,
      port: 80,
      protocol: "HTTP",
      defaultActions: [
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
      ],
    }),
    balancer: aws("lb/loadBalancer:LoadBalancer", {
      name: "shop",
      arn: BALANCER,
      loadBalancerType: "application",
      internal: true,
      subnets: ["subnet-a", "subnet-b"],
      securityGroups: ["sg-1"],
      enableDeletionProtection: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableCrossZoneLoadBalancing: true,
      accessLogs: { bucket: LOGS, enabled: true },
    }),
    target: aws("lb/targetGroup:TargetGroup", {
      name: "shop",
      arn: GROUP,
      port: 8443,
      protocol: "HTTPS",
      vpcId: "vpc-1",
      healthCheck: { enabled: true, path: "/ready", protocol: "HTTPS" },
    }),
  },
});

/** A Network Load Balancer that ends TLS. */
export const networkBalancer = (): World => ({
  resources: {
    listener: aws("lb/listener:Listener", {
      loadBalancerArn: arn("elasticloadbalancing", "loadbalancer/net/shop/1"),
      port: 443,
      protocol: "TLS",
      sslPolicy: TLS13,
      certificateArn: CERTIFICATE,
      defaultActions: FORWARD,
    }),
  },
});

export const classic = (): World => ({
  resources: {
    classic: aws("elb/loadBalancer:LoadBalancer", {
      name: "old",
      internal: true,
      subnets: ["subnet-a", "subnet-b"],
      listeners: [
        {
          instancePort: 8443,
          instanceProtocol: "https",
          lbPort: 443,
          lbProtocol: "https",
          sslCertificateId: CERTIFICATE,
        },
      ],
      accessLogs: { bucket: LOGS, enabled: true },
      crossZoneLoadBalancing: true,
      connectionDraining: true,
      desyncMitigationMode: "defensive",
      healthCheck: {
        target: "HTTPS:8443/ready",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    }),
  },
});

/** REST and HTTP APIs of API Gateway, every call authorised. */
export const api = (): World => ({
  resources: {
    method: aws("apigateway/method:Method", {
      restApi: "api-1",
      resourceId: "r-1",
      httpMethod: "POST",
      authorization: "AWS_IAM",
    }),
    stage: aws("apigateway/stage:Stage", {
      arn: STAGE,
      restApi: "api-1",
      deployment: "d-1",
      stageName: "live",
      xrayTracingEnabled: true,
      cacheClusterEnabled: false,
      clientCertificateId: "c-1",
      accessLogSettings: { destinationArn: arn("logs", "log-group:/api"), format: "$context.requestId" },
    }),
    firewall: aws("wafv2/webAclAssociation:WebAclAssociation", {
      resourceArn: STAGE,
      webAclArn: arn("wafv2", "regional/webacl/api/1"),
    }),
    settings: aws("apigateway/methodSettings:MethodSettings", {
      restApi: "api-1",
      stageName: "live",
      methodPath: "*/*",
      settings: {
        loggingLevel: "INFO",
        metricsEnabled: true,
        dataTraceEnabled: false,
        cachingEnabled: false,
      },
    }),
    domain: aws("apigateway/domainName:DomainName", {
      domainName: "api.example",
      securityPolicy: "TLS_1_2",
      regionalCertificateArn: CERTIFICATE,
      endpointConfiguration: { types: "REGIONAL" },
    }),
    route: aws("apigatewayv2/route:Route", {
      apiId: "api-2",
      routeKey: "POST /infer",
      authorizationType: "JWT",
      authorizerId: "auth-1",
      target: "integrations/1",
    }),
    http: aws("apigatewayv2/stage:Stage", {
      apiId: "api-2",
      name: "live",
      autoDeploy: true,
      accessLogSettings: { destinationArn: arn("logs", "log-group:/http"), format: "$context.requestId" },
    }),
    httpDomain: aws("apigatewayv2/domainName:DomainName", {
      domainName: "http.example",
      domainNameConfiguration: {
        certificateArn: CERTIFICATE,
        endpointType: "REGIONAL",
        securityPolicy: "TLS_1_2",
      },
    }),
  },
});

export const distribution = (): World => ({
  resources: {
    distribution: aws("cloudfront/distribution:Distribution", {
      enabled: true,
      defaultRootObject: "index.html",
      webAclId: arn("wafv2", "global/webacl/shop/1"),
      origins: [
        {
          originId: "shop",
          domainName: "shop.example",
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: "https-only",
            originSslProtocols: ["TLSv1.2"],
          },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "shop",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        responseHeadersPolicyId: "rhp-1",
      },
      loggingConfig: { bucket: "central-logs.s3.amazonaws.com" },
      restrictions: { geoRestriction: { restrictionType: "whitelist", locations: ["DE", "FR"] } },
      viewerCertificate: {
        acmCertificateArn: CERTIFICATE,
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      },
    }),
  },
  aliases: { cdn: "distribution" },
});
