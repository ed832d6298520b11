import assert from "node:assert/strict";
import { OPERATIONS, ROUTES, Router, type Surface } from "../../../runtime/rest/routes";

const match = (method: string, url: string, surface: Surface = "all") => {
  const { operation, model, version } = new Router(surface).match(method, url);
  return [operation, model, version];
};

describe("Router", () => {
  const found: [string, string, string, string, string | undefined][] = [
    ["GET", "/v2", "serverMetadata", "", undefined],
    ["GET", "/v2/?x", "serverMetadata", "", undefined],
    ["GET", "/v2/models/stats", "statistics", "", undefined],
    ["GET", "/v2/models/stats/ready", "modelReady", "stats", undefined],
    ["GET", "/v2/models/m", "modelMetadata", "m", undefined],
    ["GET", "/v2/models/m/", "modelMetadata", "m", undefined],
    ["HEAD", "/v2/models/m/ready", "modelReady", "m", undefined],
    ["GET", "/v2/models/m/versions/3/config", "modelConfig", "m", "3"],
    ["GET", "/v2/models/m/versions/stable/stats", "modelStatistics", "m", "stable"],
    ["POST", "/v2/models/a%2Fb/versions/v%201/infer?a=b", "infer", "a/b", "v 1"],
    ["POST", "/v2/models/versions/infer", "infer", "versions", undefined],
    ["POST", "/v2/models/m/generate_stream", "generateStream", "m", undefined],
    ["POST", "/v2/repository/models/m%20n/load", "repositoryLoad", "m n", undefined],
    ["POST", "/v2/repository/models/m/unload", "repositoryUnload", "m", undefined],
  ];
  for (const [method, url, ...expected] of found) {
    it(`finds ${method} ${url}`, () => assert.deepEqual(match(method, url), expected));
  }

  const nothing = [
    "/",
    "/v2/models",
    "/v2/models/",
    "/v2/models//infer",
    "/v2/models/m/versions",
    "/v2/models/m/versions//infer",
    "/v2/models/m/infer/x",
    "/v2/models/m/infer/",
    "/v2/models/m/constructor",
    "/v2/models/m/__proto__",
    "/v2/repository/models/load",
    "/v2/repository/models//load",
    "/v2/repository/models/m/n/load",
    "constructor",
  ];
  for (const path of nothing) {
    it(`finds nothing at ${path}`, () =>
      assert.throws(() => match("POST", path), {
        code: "RouteNotFound",
        message: `There is nothing at ${path}.`,
      }));
  }

  it("says which method is allowed, each time", () => {
    const router = new Router("all");
    for (let i = 0; i < 2; i++) {
      assert.throws(() => router.match("PUT", "/v2/models/m/infer?a"), {
        code: "MethodNotAllowed",
        message: "/v2/models/m/infer takes POST, not PUT.",
        allowed: "POST",
      });
    }
    assert.throws(() => router.match("HEAD", "/v2/models/m/infer"), { code: "MethodNotAllowed" });
  });

  it("refuses a broken escape, and shortens a long path", () => {
    assert.throws(() => match("POST", "/v2/models/%zz/infer"), {
      code: "InvalidArgument",
      message: "%zz in the path is not a valid URL escape.",
    });
    assert.throws(() => match("GET", `/${"x".repeat(5000)}`), {
      message: `There is nothing at /${"x".repeat(99)}….`,
    });
  });

  it("remembers a bounded number of request lines", () => {
    const router = new Router("all");
    for (let i = 0; i < 5000; i++) {
      assert.equal(router.match("POST", `/v2/models/m${i}/infer`).model, `m${i}`);
      assert.equal(router.match("POST", `/v2/models/m${i}/infer`).model, `m${i}`);
    }
    const { known } = router as unknown as { known: Map<string, unknown> };
    assert.ok(known.size > 0 && known.size <= 1024);
  });

  it("keeps the repository's operations apart where the admin port has them", () => {
    for (const operation of OPERATIONS) {
      const { method, path, admin } = ROUTES[operation];
      const url = path.replace(/\[.*\]/, "").replace("{model}", "m");
      const here = admin ? "admin" : "public";
      assert.equal(match(method, url, here)[0], operation);
      assert.throws(() => match(method, url, admin ? "public" : "admin"), { code: "RouteNotFound" });
    }
  });
});
