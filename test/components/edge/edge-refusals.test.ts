import assert from "node:assert";
import { EdgeSite, ModelRepository, type EdgeMetrics, type EdgeSiteArgs } from "../../../components";
import { declare } from "../support/declared";
import { s3Args } from "../support/repositories";
import { METRICS, given, reasons } from "./support/site";

describe("EdgeSite refuses", () => {
  const metrics = (change: Partial<EdgeMetrics>) => ({ metrics: { ...METRICS, ...change } });
  const CASES: [Partial<EdgeSiteArgs>, string][] = [
    [
      { image: "r.example/slipway:1" },
      '`image`: "r.example/slipway:1" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
    [
      { apiKeys: "# nobody\n" },
      "`apiKeys`: must hold at least one line as `slipway api-key` prints it: nobody could call the site otherwise",
    ],
    [{ nodePort: 30443 }, "`clientCidrs`: must be given with `nodePort`: nobody could call it otherwise"],
    [
      { clientCidrs: ["10.0.0.0/8"] },
      "`nodePort`: must be given with `clientCidrs`: nothing else leads into the cluster",
    ],
    [
      { clientCidrs: ["0.0.0.0/0"], nodePort: 30443 },
      `\`clientCidrs[0]\`: "0.0.0.0/0" is everyone; name the site's own network`,
    ],
    [{ certificateDays: 30 }, "`certificateDays`: 30 must be a whole number of days from 31 to 3650"],
    [{ ipAddresses: ["store"] }, '`ipAddresses[0]`: "store" must be an IPv4 address'],
    [
      { cache: { size: "1Gi" }, modelSize: "600Mi" },
      '`cache.size`: "1Gi" must hold models of 600Mi (`modelSize`) twice: those that are served and the next ones',
    ],
    [{ fetchTimeout: 1 }, "`fetchTimeout`: 1 must be a whole number of seconds from 60 to 86400"],
    [{ memoryRequest: "1Gi" }, '`memoryRequest`: "1Gi" must be <= `memoryLimit` ("512Mi")'],
    [
      metrics({ url: "http://metrics.example.com" }),
      '`metrics.url`: "http://metrics.example.com" must be an https:// address without credentials, query or fragment',
    ],
    [
      metrics({ url: "https://store:hunter2@metrics.example.com" }),
      '`metrics.url`: "…" must be an https:// address without credentials, query or fragment',
    ],
    [
      metrics({ username: undefined, password: undefined }),
      "`metrics`: must have `username`, `bearerToken` or `clientCertificate`: a receiver that asks nobody takes samples of anybody",
    ],
    [
      metrics({ bearerToken: "t" }),
      "`metrics.bearerToken`: must not be given with `username`: a request carries one of both",
    ],
    [metrics({ password: undefined }), "`metrics.password`: must be given with `username`, and that with it"],
    [metrics({ bufferHours: 1 }), "`metrics.bufferHours`: 1 must be a whole number of hours from 2 to 720"],
    [
      metrics({ image: "prom/prometheus:v3" }),
      '`metrics.image`: "prom/prometheus:v3" must end in a digest (@sha256:<64 hex digits>): a tag can be moved',
    ],
  ];
  for (const [args, sentence] of CASES) {
    it(sentence.split(" ").slice(0, 10).join(" "), async () =>
      assert.deepStrictEqual(await reasons(args), [sentence]),
    );
  }

  it("models of a bucket, to which nobody gives it credentials", async () => {
    let found = "";
    await declare(() => {
      const repository = new ModelRepository("models", s3Args({ existing: { bucket: "my-models" } }));
      try {
        new EdgeSite("store", given({ repository, models: [...repository.models] }));
      } catch (error) {
        found = (error as Error).message;
      }
    });
    assert.strictEqual(
      found,
      'EdgeSite "store": `repository`: is of kind "s3", but a site fetches from "oci" repositories: nobody gives it credentials for a bucket',
    );
  });

  it("a name that cannot be a Service's", async () =>
    assert.deepStrictEqual(await reasons({}, "12"), [
      '`name`: "12" must be at most 40 lower-case letters, digits and "-", beginning with a letter: it names the Service',
    ]));
});
