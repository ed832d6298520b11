import assert from "node:assert";
import { backendTrafficPolicy, clientTrafficPolicy } from "../../../components/internal/traffic-policy";
import { ROUTE_DEFAULTS } from "../../../components/traffic/service-route";

describe("backendTrafficPolicy", () => {
  it("limits every client address, IPv6 like IPv4", () => {
    const { rules } = backendTrafficPolicy("HTTPRoute", ["r"], { ...ROUTE_DEFAULTS, requestsPerSecond: 7 })
      .rateLimit.local;
    assert.deepEqual(
      rules.map(({ clientSelectors, limit }) => [clientSelectors[0]!.sourceCIDR, limit.requests]),
      [
        [{ type: "Distinct", value: "0.0.0.0/0" }, 7],
        [{ type: "Distinct", value: "::/0" }, 7],
      ],
    );
  });

  it("repeats what was cut off, but not the calls of the one rule that change a server", () => {
    const whole = backendTrafficPolicy("HTTPRoute", ["r"], ROUTE_DEFAULTS);
    assert.deepEqual(whole.retry, {
      numRetries: 3,
      retryOn: { triggers: ["connect-failure", "refused-stream", "reset"] },
      perRetry: { backOff: { baseInterval: "25ms", maxInterval: "250ms" } },
    });
    assert.deepEqual(whole.targetRefs, [
      { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "r" },
    ]);
    const { retry, targetRefs, ...control } = backendTrafficPolicy("HTTPRoute", ["r"], ROUTE_DEFAULTS, {
      rule: "control",
    });
    assert.equal(retry, undefined);
    assert.deepEqual(targetRefs, [
      { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "r", sectionName: "control" },
    ]);
    // A rule's policy replaces that of its route: every limit has to be in it again.
    const { retry: _, targetRefs: __, ...limits } = whole;
    assert.deepEqual(control, limits);
  });

  it("lets all requests of a server that died go to others, and leaves it alone for its broken connections only", () => {
    const { circuitBreaker, healthCheck } = backendTrafficPolicy("GRPCRoute", ["r"], ROUTE_DEFAULTS);
    assert.equal(circuitBreaker.maxParallelRetries, ROUTE_DEFAULTS.maxParallelRequests);
    const { passive } = healthCheck;
    assert.deepEqual([passive.splitExternalLocalOriginErrors, passive.consecutive5XxErrors], [true, 0]);
    assert.ok(passive.maxEjectionPercent <= 50, "more than half of the servers");
  });

  it("limits bodies where that is asked for", () => {
    const policy = (maxBodyBytes?: number) =>
      backendTrafficPolicy("HTTPRoute", ["r"], ROUTE_DEFAULTS, { maxBodyBytes });
    assert.deepEqual(policy(1_048_576).requestBuffer, { limit: "1048576" });
    assert.ok(!("requestBuffer" in policy()));
  });
});

describe("clientTrafficPolicy", () => {
  it("asks for nothing but TLS 1.2 by default", () => {
    assert.deepEqual(clientTrafficPolicy("front", "8Mi"), {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "front" }],
      tls: { minVersion: "1.2" },
      headers: { requestID: "Generate" },
      path: { escapedSlashesAction: "RejectRequest" },
      timeout: { http: { requestReceivedTimeout: "60s", idleTimeout: "300s" } },
      connection: { bufferLimit: "8Mi" },
      http2: { initialStreamWindowSize: "8Mi", initialConnectionWindowSize: "8Mi" },
    });
  });

  it("verifies clients' certificates, their names if there are any, and passes none on", () => {
    const policy = (dnsNames: string[], uris: string[]) =>
      clientTrafficPolicy("front", "8Mi", { clientCertificates: { authorities: "ca", dnsNames, uris } });
    const caCertificateRefs = [{ group: "", kind: "ConfigMap", name: "ca" }];
    assert.deepEqual(policy([], []).tls, {
      minVersion: "1.2",
      clientValidation: { mode: "RequireAndVerify", caCertificateRefs },
    });
    assert.deepEqual(policy(["a.example"], ["spiffe://example/a"]).tls.clientValidation, {
      mode: "RequireAndVerify",
      caCertificateRefs,
      subjectAltNames: {
        dnsNames: [{ type: "Exact", value: "a.example" }],
        uris: [{ type: "Exact", value: "spiffe://example/a" }],
      },
    });
    assert.deepEqual(policy([], []).headers, {
      requestID: "Generate",
      xForwardedClientCert: { mode: "Sanitize" },
    });
  });

  it("takes clients' addresses from where the load balancer puts them", () => {
    const policy = (clientAddress: "proxy-protocol" | "forwarded-header") =>
      clientTrafficPolicy("front", "8Mi", { clientAddress });
    assert.deepEqual(policy("proxy-protocol").proxyProtocol, { optional: false });
    assert.deepEqual(policy("forwarded-header").clientIPDetection, { xForwardedFor: { numTrustedHops: 1 } });
  });
});
