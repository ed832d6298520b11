import { dmsEndpointTls } from "../../../../policies/rules/encryption/dms-endpoint-tls";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const endpoint = (props: Record<string, unknown>) =>
  put("endpoint", "aws:dms/endpoint:Endpoint", { engineName: "postgres", endpointType: "source", ...props });

describeRule(dmsEndpointTls, {
  good: {
    verified: endpoint({ sslMode: "verify-full" }),
    "a service of AWS": endpoint({ engineName: "s3" }),
    "Redis by default": endpoint({ engineName: "redis", redisSettings: {} }),
  },
  bad: {
    default: endpoint({}),
    none: endpoint({ sslMode: "none" }),
    Redis: endpoint({ engineName: "redis", redisSettings: { sslSecurityProtocol: "plaintext" } }),
    Kafka: endpoint({ engineName: "kafka", kafkaSettings: { securityProtocol: "plaintext" } }),
  },
  partial: { "a certificate without a mode": endpoint({ certificateArn: "arn" }) },
  wrongType: { "a switch": endpoint({ sslMode: true }) },
  unknown: { mode: endpoint({ sslMode: UNKNOWN }), engine: endpoint({ engineName: UNKNOWN }) },
});
