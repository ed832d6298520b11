import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** Where models are served, and what it takes to call them. */
export interface Endpoint {
  /** e.g. https://localhost:8443 */
  readonly url: string;
  readonly token?: string;
  /** PEM certificate authority to trust. */
  readonly ca?: string;
}

export interface OutputTensor {
  readonly name: string;
  readonly shape: number[];
  readonly data: number[];
}

/** Runs a model over the Open Inference Protocol. @throws with the server's own sentence where it refuses */
export function infer(endpoint: Endpoint, model: string, inputs: object[]): Promise<OutputTensor[]> {
  const url = new URL(`/v2/models/${encodeURIComponent(model)}/infer`, endpoint.url);
  const body = JSON.stringify({ inputs });
  const headers: Record<string, string | number> = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...(endpoint.token ? { authorization: `Bearer ${endpoint.token}` } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
      method: "POST",
      headers,
      ca: endpoint.ca,
    });
    request.on("error", (error) => reject(new Error(`${url.origin} cannot be reached: ${error.message}`)));
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode !== 200)
          reject(new Error(`${url.origin} answered ${response.statusCode}: ${text}`));
        else resolve((JSON.parse(text) as { outputs: OutputTensor[] }).outputs);
      });
    });
    request.end(body);
  });
}
