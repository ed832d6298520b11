import { apiGatewayCacheEncryption } from "../../../../policies/rules/encryption/api-gateway-cache-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const logged = { loggingLevel: "INFO", metricsEnabled: true };
const method = (more: Record<string, unknown>) =>
  put("method", "aws:apigateway/methodSettings:MethodSettings", { methodPath: "*/*", ...more });

describeRule(apiGatewayCacheEncryption, {
  good: {
    encrypted: method({ settings: { ...logged, cachingEnabled: true, cacheDataEncrypted: true } }),
    "without a cache": method({ settings: logged }),
  },
  bad: {
    plain: method({ settings: { ...logged, cachingEnabled: true } }),
    "switched off": method({ settings: { ...logged, cachingEnabled: true, cacheDataEncrypted: false } }),
  },
  partial: {
    "for another method": method({
      methodPath: "orders/GET",
      settings: { ...logged, cachingEnabled: true, cacheTtlInSeconds: 60 },
    }),
  },
  wrongType: {
    "a word": method({ settings: { ...logged, cachingEnabled: true, cacheDataEncrypted: "yes" } }),
  },
  unknown: { caching: method({ settings: { ...logged, cachingEnabled: UNKNOWN } }) },
});
