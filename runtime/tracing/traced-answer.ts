import type { RequestTrace } from "./request-trace";

/** An answer out of a cache: adds `cache` to the trace of a request that needed no run of its own. */
export async function tracedAnswer<Answer>(
  trace: RequestTrace,
  run: () => Promise<Answer>,
  answer: (run: () => Promise<Answer>) => Promise<Answer>,
): Promise<Answer> {
  const began = performance.now();
  let hasRun = false;
  const found = await answer(() => {
    hasRun = true;
    return run();
  });
  if (!hasRun) trace.stage("cache", began, performance.now());
  return found;
}
