import { envoyAccessLogCredentials } from "../../../../policies/rules/monitoring/envoy-access-log-credentials";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const FILE = [{ type: "File", file: { path: "/dev/stdout" } }];
const format = (value: unknown, sinks: unknown = FILE) =>
  set("envoy", "spec.telemetry.accessLog.settings", [{ format: value, sinks }]);
const json = (fields: Record<string, unknown>) => format({ type: "JSON", json: fields });

describeRule(envoyAccessLogCredentials, {
  good: {
    fields: json({ path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%", agent: "%REQ(USER-AGENT)%" }),
    "whether there was one": json({ authority: "%REQ(:AUTHORITY)%" }),
  },
  bad: {
    "as a field": json({ token: "%REQ(AUTHORIZATION)%" }),
    "in a text, cut short": format({ type: "Text", text: "%START_TIME% %REQ(authorization):40%\n" }),
    "what is sent back": json({ session: "%RESP(Set-Cookie)%" }),
  },
  partial: {
    "where another is missing": json({ who: "%REQ(X-USER?AUTHORIZATION)%" }),
    "to a service": format(undefined, [
      { type: "ALS", als: { type: "HTTP", http: { requestHeaders: ["x-request-id", "cookie"] } } },
    ]),
  },
  notJudged: { "a number": json({ token: 7 }) },
  unknown: { format: json({ token: UNKNOWN }) },
});
