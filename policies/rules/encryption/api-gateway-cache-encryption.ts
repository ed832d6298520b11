import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const apiGatewayCacheEncryption = inputRule(
  {
    id: "api-gateway-cache-encryption",
    title: "Cached answers of an API are encrypted",
    severity: "medium",
    description: "A cache holds answers that were meant for one caller.",
    remediation: "settings: { cachingEnabled: true, cacheDataEncrypted: true }",
    types: ["aws:apigateway/methodSettings:MethodSettings"],
    controls: [
      ...awsControls("apigateway_restapi_cache_encrypted"),
      awsFoundational("APIGateway.5", "API Gateway REST API cache data should be encrypted at rest"),
    ],
  },
  (method) => {
    const settings = method.get("settings");
    return settings.get("cachingEnabled").isOff() || isOn(settings.get("cacheDataEncrypted"))
      ? undefined
      : "must set `settings.cacheDataEncrypted`, as it caches.";
  },
);
