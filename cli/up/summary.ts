import pc from "picocolors";
import { basicCredentials } from "../../rollout/gates/basic-credentials";
import type { LocalSession } from "../local-session";
import { formatElapsed } from "../progress";
import type { UpResult } from "./up";

/** The one of the models whose request a line can carry. */
const CURL_MODEL = "silero-vad";
/** A request that the printed curl line can carry: small, and right for that model. */
const CURL_BODY =
  '{"inputs":[{"name":"input","shape":[1,512],"datatype":"FP32","data":[\'"$(printf \'0,%.0s\' $(seq 511))"\'0]},{"name":"state","shape":[2,1,128],"datatype":"FP32","data":[\'"$(printf \'0,%.0s\' $(seq 255))"\'0]},{"name":"sr","shape":[],"datatype":"INT64","data":[16000]}]}';

/** What a person needs next, printed when everything was proven. */
export function summary({ session, proofs, changes }: UpResult, elapsedMs: number): string {
  const lines = [
    "",
    pc.bold(pc.green(`Slipway is up (${formatElapsed(elapsedMs)}): ${changes}`)),
    "",
    `  endpoint    ${session.endpoint}`,
    `  CA          ${session.caCertificate}`,
    `  kubeconfig  ${session.kubeconfig}`,
    ...(session.prometheus
      ? [`  Prometheus  ${basicCredentials(session.prometheus).url} (credentials: npx slipway outputs)`]
      : []),
    ...session.models.map(({ name, versions }) => `  model       ${name}, version ${versions.join(", ")}`),
    "",
    ...proofs.map(
      ({ model, version, maxDifference, latencyMs }) =>
        `  proven      ${model}/${version}: equal to onnxruntime within ${maxDifference === 0 ? "0" : maxDifference.toExponential(1)}, ` +
        `${latencyMs.toFixed(0)} ms; 401 without a token`,
    ),
    "",
    "A token:",
    "  npx slipway token",
    ...requestLines(session),
    "Stop it:",
    "  npm run down",
  ];
  return lines.join("\n");
}

/** None where that model is not served: a line that answers 404 helps nobody. */
function requestLines({ models, caCertificate, endpoint }: LocalSession): string[] {
  if (!models.some(({ name }) => name === CURL_MODEL)) return [];
  return [
    "A request:",
    `  curl --cacert ${shellWord(caCertificate)} -H "Authorization: Bearer $(npx slipway token)" ` +
      `-H 'Content-Type: application/json' ${endpoint}/v2/models/${CURL_MODEL}/infer -d '${CURL_BODY}'`,
  ];
}

/** As a shell takes it for one word, spaces and quotes included. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
