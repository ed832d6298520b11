import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

/** Services of AWS, which DMS reaches by HTTPS in any case. */
const WITHOUT_MODE = new Set([
  "s3",
  "dynamodb",
  "kinesis",
  "elasticsearch",
  "opensearch",
  "neptune",
  "redshift",
  "redshift-serverless",
  "timestream",
]);

export const dmsEndpointTls = inputRule(
  {
    id: "dms-endpoint-tls",
    title: "Migration endpoints use TLS",
    severity: "high",
    description: "A migration carries the whole database over the network.",
    remediation:
      'new aws.dms.Endpoint(name, { sslMode: "verify-full", certificateArn, endpointId, endpointType, engineName })',
    types: ["aws:dms/endpoint:Endpoint"],
    controls: awsControls("dms_endpoint_ssl_enabled", "dms_endpoint_redis_in_transit_encryption_enabled"),
  },
  (endpoint) => {
    const engine = endpoint.get("engineName").string() ?? "";
    if (engine === "redis")
      return endpoint.get("redisSettings", "sslSecurityProtocol").string() === "plaintext"
        ? "must not reach Redis in plain text."
        : undefined;
    if (engine === "kafka")
      return endpoint.get("kafkaSettings", "securityProtocol").string() === "plaintext"
        ? "must not reach Kafka in plain text."
        : undefined;
    if (WITHOUT_MODE.has(engine)) return undefined;
    const mode = endpoint.get("sslMode").string() ?? "none";
    return mode === "none" ? 'must set `sslMode` to "require", "verify-ca" or "verify-full".' : undefined;
  },
);
