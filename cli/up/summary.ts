import pc from "picocolors";
import { formatElapsed } from "../progress";
import type { UpResult } from "./up";

/** A request that the printed curl line can carry: small, and right for the model. */
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
    ...(session.prometheus ? [`  Prometheus  ${session.prometheus}`] : []),
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
    "A request:",
    `  curl --cacert ${session.caCertificate} -H "Authorization: Bearer $(npx slipway token)" ` +
      `-H 'Content-Type: application/json' ${session.endpoint}/v2/models/silero-vad/infer -d '${CURL_BODY}'`,
    "Stop it:",
    "  npm run down",
  ];
  return lines.join("\n");
}
