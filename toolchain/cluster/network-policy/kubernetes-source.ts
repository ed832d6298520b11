import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { ApiGet } from "./api-server";
import type { Named, Source, WatchEvent } from "./mirror";

/**
 * Lists and watches a collection through the Kubernetes API.
 *
 * @param path of the collection, e.g. `/api/v1/pods`
 */
export function kubernetesSource<T extends Named>(get: ApiGet, path: string): Source<T> {
  return {
    list: async (signal) => {
      const list = JSON.parse(await text(await get(path, signal))) as {
        items?: T[];
        metadata?: { resourceVersion?: string };
      };
      return { items: list.items ?? [], resourceVersion: list.metadata?.resourceVersion ?? "" };
    },
    watch: async (resourceVersion, onEvent, signal) => {
      const query = new URLSearchParams({ watch: "true", resourceVersion });
      for await (const line of linesOf(await get(`${path}?${query}`, signal))) {
        const { type, object } = JSON.parse(line) as { type: string; object: T & { message?: string } };
        if (type === "ERROR") {
          // Most often the version has expired; the next list has a new one.
          throw new Error(`watch of ${path}: ${object.message ?? "refused"}`);
        }
        onEvent({ type: type as WatchEvent<T>["type"], object });
      }
    },
  };
}

/** Not `readline`, which waits for ever when the connection breaks. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of response.setEncoding("utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}
