import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";

/** Headers by which somebody else may come in. */
const CREDENTIAL_HEADER =
  /^(?:proxy-)?authorization$|^(?:set-)?cookie$|^x-(?:api-key|auth-token|amz-security-token)$|^apikey$/i;

/** `%REQ(AUTHORIZATION)%`, `%REQ(X-A?AUTHORIZATION):20%`: the first header of the two that the request has. */
const OPERATOR = /%(?:REQ|RESP|TRAILER)\(([^)]*)\)/g;

/** Every text of a format, however deep. @throws UnknownRead */
function texts(field: Field): string[] {
  const text = field.string();
  return text === undefined ? field.all(["*"]).flatMap(texts) : [text];
}

const headersIn = (format: Field): string[] =>
  texts(format).flatMap((text) => [...text.matchAll(OPERATOR)].flatMap(([, names = ""]) => names.split("?")));

/** @throws UnknownRead */
function logged(setting: Field): string[] {
  const sent = setting
    .get("sinks")
    .items()
    .flatMap((sink) => [
      ...["requestHeaders", "responseHeaders", "responseTrailers"].flatMap((list) =>
        sink.get("als", "http", list).strings(),
      ),
      ...headersIn(sink.get("openTelemetry", "resources")),
    ]);
  return [...headersIn(setting.get("format")), ...sent];
}

export const envoyAccessLogCredentials = eachRule<Field>(
  {
    id: "envoy-access-log-credentials",
    title: "The gateway's access log holds no tokens",
    severity: "high",
    description:
      "Who may read logs could act as everybody who has called: tokens in them are as good as the callers' own until they expire.",
    remediation: 'format: { type: "JSON", json: { subject: "%DYNAMIC_METADATA(…:sub)%" } } // not the header',
    types: ["kubernetes:gateway.envoyproxy.io/*:EnvoyProxy"],
    controls: [],
  },
  (fields) => fields.get("spec", "telemetry", "accessLog", "settings").items(),
  (setting) => {
    const header = logged(setting).find((name) => CREDENTIAL_HEADER.test(name.trim()));
    return header === undefined
      ? undefined
      : `must not write the header \`${header.trim()}\` to its access log.`;
  },
);
