import { from, type TwinData } from "../model";
import { api, balancer, classic, distribution, FORWARD, networkBalancer } from "../worlds/aws-edge";

const PLAIN = { instancePort: 8080, instanceProtocol: "http", lbPort: 80, lbProtocol: "http" };

export const awsEdge: readonly TwinData[] = [
  ...from("Prowler", [
    [
      "elbv2_ssl_listeners",
      "a listener of plain HTTP",
      balancer,
      { "redirect.defaultActions": FORWARD },
      { names: ["redirect", "balancer"] },
    ],
    [
      "elbv2_ssl_listeners",
      "a redirect to plain HTTP",
      balancer,
      {
        "redirect.defaultActions": [
          { type: "redirect", redirect: { protocol: "HTTP", port: "8080", statusCode: "HTTP_301" } },
        ],
      },
      {
        good: {
          "redirect.defaultActions": [
            { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_302" } },
          ],
        },
        names: ["redirect"],
      },
    ],
    [
      "elbv2_ssl_listeners",
      "no protocol named, which is HTTP",
      balancer,
      { "redirect.protocol": undefined, "redirect.defaultActions": FORWARD },
      { names: ["redirect", "balancer"] },
    ],
    [
      "elbv2_insecure_ssl_ciphers",
      "old versions of TLS",
      balancer,
      { "listener.sslPolicy": "ELBSecurityPolicy-TLS-1-0-2015-04" },
    ],
    [
      "elbv2_insecure_ssl_ciphers",
      "the policy of 2016",
      balancer,
      { "listener.sslPolicy": "ELBSecurityPolicy-2016-08" },
    ],
    [
      "elbv2_insecure_ssl_ciphers",
      "no policy named, so that of 2016",
      balancer,
      { "listener.sslPolicy": undefined },
    ],
    [
      "elbv2_nlb_tls_termination_enabled",
      "old versions of TLS on a network load balancer",
      networkBalancer,
      { "listener.sslPolicy": "ELBSecurityPolicy-TLS-1-1-2017-01" },
    ],
    [
      "elbv2_deletion_protection",
      "nothing keeps the load balancer from deletion",
      balancer,
      { "balancer.enableDeletionProtection": undefined },
      { names: ["balancer"] },
    ],
    [
      "elbv2_logging_enabled",
      "no access log",
      balancer,
      { "balancer.accessLogs": undefined },
      { names: ["balancer"] },
    ],
    [
      "elbv2_logging_enabled",
      "an access log that is off",
      balancer,
      { "balancer.accessLogs.enabled": false },
      { names: ["balancer"] },
    ],
    [
      "elbv2_logging_enabled",
      "an access log that nothing turns on",
      balancer,
      { "balancer.accessLogs.enabled": undefined },
      { names: ["balancer"] },
    ],
    [
      "elbv2_desync_mitigation_mode",
      "requests that can be smuggled",
      balancer,
      { "balancer.desyncMitigationMode": "monitor" },
      { good: { "balancer.desyncMitigationMode": "strictest" }, names: ["balancer"] },
    ],
    [
      "elbv2_is_in_multiple_az",
      "one zone",
      balancer,
      { "balancer.subnets": ["subnet-a"] },
      { names: ["balancer"] },
    ],
    ["elb_ssl_listeners", "plain HTTP on a classic load balancer", classic, { "classic.listeners.1": PLAIN }],
    [
      "elb_ssl_listeners",
      "plain TCP on a classic load balancer",
      classic,
      { "classic.listeners.0": { ...PLAIN, lbProtocol: "TCP", instanceProtocol: "TCP" } },
      {
        good: {
          "classic.listeners.0": {
            ...PLAIN,
            lbPort: 443,
            lbProtocol: "SSL",
            instanceProtocol: "SSL",
            sslCertificateId: "arn:aws:acm:eu-west-1:111122223333:certificate/1",
          },
        },
      },
    ],
    [
      "elb_logging_enabled",
      "no access log of a classic load balancer",
      classic,
      { "classic.accessLogs": undefined },
    ],
    [
      "apigateway_restapi_authorizers_enabled",
      "a method for everyone",
      api,
      { "method.authorization": "NONE" },
    ],
    [
      "apigateway_restapi_logging_enabled",
      "no log of a stage",
      api,
      { "stage.accessLogSettings": undefined, "settings.settings.loggingLevel": "OFF" },
      { names: ["stage", "settings"] },
    ],
    [
      "apigateway_restapi_cache_encrypted",
      "a cache without encryption",
      api,
      { "settings.settings.cachingEnabled": true, "settings.settings.cacheDataEncrypted": false },
      {
        good: { "settings.settings.cachingEnabled": true, "settings.settings.cacheDataEncrypted": true },
        names: ["settings"],
      },
    ],
    [
      "apigatewayv2_api_authorizers_enabled",
      "a route for everyone",
      api,
      { "route.authorizationType": "NONE", "route.authorizerId": undefined },
      { names: ["route"] },
    ],
    [
      "apigatewayv2_api_authorizers_enabled",
      "a route that says nothing of a login",
      api,
      { "route.authorizationType": undefined, "route.authorizerId": undefined },
      { names: ["route"] },
    ],
    [
      "apigatewayv2_api_access_logging_enabled",
      "no log of a stage of HTTP",
      api,
      { "http.accessLogSettings": undefined },
      { names: ["http"] },
    ],
    [
      "cloudfront_distributions_https_enabled",
      "viewers in plain text",
      distribution,
      { "cdn.defaultCacheBehavior.viewerProtocolPolicy": "allow-all" },
    ],
    [
      "cloudfront_distributions_https_enabled",
      "viewers in plain text for one path",
      distribution,
      {
        "cdn.orderedCacheBehaviors": [
          {
            pathPattern: "/a",
            targetOriginId: "shop",
            viewerProtocolPolicy: "allow-all",
            allowedMethods: ["GET", "HEAD"],
            cachedMethods: ["GET", "HEAD"],
          },
        ],
      },
      {
        good: {
          "cdn.orderedCacheBehaviors": [
            {
              pathPattern: "/a",
              targetOriginId: "shop",
              viewerProtocolPolicy: "https-only",
              allowedMethods: ["GET", "HEAD"],
              cachedMethods: ["GET", "HEAD"],
            },
          ],
        },
      },
    ],
    [
      "cloudfront_distributions_origin_traffic_encrypted",
      "plain text to the origin",
      distribution,
      { "cdn.origins.0.customOriginConfig.originProtocolPolicy": "http-only" },
    ],
    [
      "cloudfront_distributions_origin_traffic_encrypted",
      "the viewer's protocol to the origin, which may be plain",
      distribution,
      {
        "cdn.origins.0.customOriginConfig.originProtocolPolicy": "match-viewer",
        "cdn.defaultCacheBehavior.viewerProtocolPolicy": "allow-all",
      },
    ],
    [
      "cloudfront_distributions_using_deprecated_ssl_protocols",
      "old versions of TLS to the origin",
      distribution,
      { "cdn.origins.0.customOriginConfig.originSslProtocols": ["SSLv3", "TLSv1.2"] },
    ],
    [
      "cloudfront_distributions_logging_enabled",
      "no log of a distribution",
      distribution,
      { "cdn.loggingConfig": undefined },
    ],
  ]),
  ...from("Checkov", [
    ["CKV_AWS_206", "TLS 1.0 to an API", api, { "domain.securityPolicy": "TLS_1_0" }, { names: ["domain"] }],
    [
      "CKV_AWS_206",
      "any version of TLS to an API",
      api,
      { "domain.securityPolicy": undefined },
      { names: ["domain"] },
    ],
    [
      "CKV2_AWS_70",
      "an API's key instead of a login, for a public method",
      api,
      { "method.authorization": "none" },
    ],
    [
      "CKV_AWS_276",
      "requests with all that is in them go to the log",
      api,
      { "settings.settings.dataTraceEnabled": true },
      { names: ["settings"] },
    ],
    [
      "CKV_AWS_174",
      "old versions of TLS to viewers",
      distribution,
      { "cdn.viewerCertificate.minimumProtocolVersion": "TLSv1" },
    ],
    [
      "CKV_AWS_174",
      "CloudFront's own certificate, with TLS 1.0",
      distribution,
      { "cdn.viewerCertificate": { cloudfrontDefaultCertificate: true } },
    ],
    [
      "CKV_AWS_131",
      "headers that are not valid are passed on",
      balancer,
      { "balancer.dropInvalidHeaderFields": undefined },
      { names: ["balancer"] },
    ],
    [
      "CKV_AWS_378",
      "plain text from the load balancer to what is behind it",
      balancer,
      { "target.protocol": "HTTP", "target.port": 8080, "target.healthCheck.protocol": "HTTP" },
      { names: ["target"] },
    ],
    [
      "CKV_AWS_92",
      "an access log of a classic load balancer that is off",
      classic,
      { "classic.accessLogs.enabled": false },
    ],
  ]),
  ...from("AWS Foundational Security Best Practices", [
    [
      "ELB.17",
      "a policy of FIPS with TLS 1.1",
      balancer,
      { "listener.sslPolicy": "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04" },
      { good: { "listener.sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04" } },
    ],
    [
      "ELB.1",
      "the older name of the type, in plain text",
      balancer,
      {
        older: {
          type: "aws:alb/listener:Listener",
          props: {
            loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1",
            port: 8080,
            protocol: "HTTP",
            defaultActions: FORWARD,
          },
        },
      },
      {
        good: {
          older: {
            type: "aws:alb/listener:Listener",
            props: {
              loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1",
              port: 8080,
              protocol: "HTTP",
              defaultActions: [
                { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
              ],
            },
          },
        },
        names: ["older", "balancer"],
      },
    ],
    [
      "APIGateway.9",
      "a domain of HTTP without a version of TLS",
      api,
      { "httpDomain.domainNameConfiguration.securityPolicy": "TLS_1_0" },
      { names: ["httpDomain"] },
    ],
  ]),
];
