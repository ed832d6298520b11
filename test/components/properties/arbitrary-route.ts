import * as fc from "fast-check";
import type { ServiceRouteArgs } from "../../../components";
import { arbitraryAuth } from "./arbitrary-auth";
import { upTo } from "./arbitrary-gateway";

export type RouteSettings = Pick<
  ServiceRouteArgs,
  "auth" | "requestsPerSecond" | "requestTimeout" | "maxParallelRequests"
>;

/** Settings of a route that nothing is wrong with. */
export const arbitraryRoute: fc.Arbitrary<RouteSettings> = fc.record(
  {
    auth: arbitraryAuth,
    requestsPerSecond: upTo(2 ** 32 - 1),
    requestTimeout: upTo(99_999),
    maxParallelRequests: upTo(2 ** 32 - 1),
  },
  { requiredKeys: [] },
);
