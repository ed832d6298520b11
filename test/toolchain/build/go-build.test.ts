import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildGroup } from "../../../toolchain/build/go-build";
import type { GroupLayout } from "../../../toolchain/build/go-group";
import type { GoToolchain } from "../../../toolchain/build/go-toolchain";
import type { GoGroup } from "../../../toolchain/build/tool-groups";
import { removeScratchFolders, scratchFolder, writeProgram } from "./scratch";

/**
 * Stands in for Go: compiles two packages and writes the program for each package on its command line, until a file named
 * `fail` is in its folder after the first program.
 */
const FAKE_GO = `#!/bin/sh
out=""; packages=""
while [ $# -gt 0 ]; do case "$1" in -o) out="$2"; shift;; -*|build) ;; *) packages="$packages $1";; esac; shift; done
echo "$packages" >> calls
for p in $packages; do
  echo "example.org/lib/$(basename $p)" >&2; echo "$p" >&2
  echo "program of $p" > "$out/.tmp"; mv "$out/.tmp" "$out/$(basename $p)"
  if [ -e fail ]; then echo "half" > "$out/half"; cat fail >&2; exit 1; fi
done
`;

describe("buildGroup", () => {
  afterEach(removeScratchFolders);

  function setUp(): {
    group: GoGroup;
    layout: GroupLayout;
    go: GoToolchain;
    updates: string[];
    calls: () => string[];
  } {
    const graph = scratchFolder();
    const root = scratchFolder();
    const program = (name: string, built: string) => ({
      name,
      package: `example.org/cmd/${built}`,
      typicalSeconds: 1,
    });
    const group: GoGroup = {
      name: "cluster",
      title: "the test programs",
      graph,
      cacheName: "test",
      programs: [
        program("first", "first"),
        program("second-operator", "operator"),
        program("third", "third"),
      ],
      moduleFolders: {},
      typicalPackages: 6,
    };
    const layout = {
      root,
      bin: join(root, "bin"),
      modules: join(root, "modules"),
      stage: join(root, "stage"),
      compiled: join(root, "compiled.txt"),
    };
    const go: GoToolchain = { path: writeProgram(join(graph, "go"), FAKE_GO), version: [1, 26, 7] };
    return {
      group,
      layout,
      go,
      updates: [],
      calls: () =>
        readFileSync(join(graph, "calls"), "utf8")
          .trim()
          .split(/\s*\n\s*/),
    };
  }
  const task = (updates: string[]) => ({
    update: (text: string) => void updates.push(text),
    done() {},
    fail() {},
  });

  it("builds all programs under their names in one run of Go", async () => {
    const { group, layout, go, updates, calls } = setUp();
    await buildGroup(group, layout, go, task(updates));
    assert.deepEqual(readdirSync(layout.bin).sort(), ["first", "second-operator", "third"]);
    assert.equal(
      readFileSync(join(layout.bin, "second-operator"), "utf8"),
      "program of example.org/cmd/operator\n",
    );
    assert.deepEqual(calls(), ["example.org/cmd/first example.org/cmd/operator example.org/cmd/third"]);
    assert.match(
      updates.at(-1) ?? "",
      /^3 of 3 programs, 6 packages, about 10 s left, now example\.org\/cmd\/third$/,
    );
    assert.ok(!existsSync(layout.stage));
  });

  it("keeps what an interrupted run finished, and builds the rest", async () => {
    const { group, layout, go, updates, calls } = setUp();
    writeFileSync(join(group.graph, "fail"), "signal: interrupt");
    await assert.rejects(buildGroup(group, layout, go, task(updates)));
    assert.deepEqual(readdirSync(layout.bin), ["first"]);

    writeProgram(go.path, FAKE_GO.replace("[ -e fail ]", "false"));
    await buildGroup(group, layout, go, task(updates));
    assert.deepEqual(readdirSync(layout.bin).sort(), ["first", "second-operator", "third"]);
    assert.equal(calls()[1], "example.org/cmd/operator example.org/cmd/third");
  });

  it("does not run Go where nothing is missing", async () => {
    const { group, layout, go, updates, calls } = setUp();
    await buildGroup(group, layout, go, task(updates));
    await buildGroup(group, layout, go, task(updates));
    assert.equal(calls().length, 1);
  });

  const proxy = '"https://proxy.example/x/y/@v/v1.2.3.zip": dial tcp: lookup proxy.example: no such host';
  const failures: [string, string, string][] = [
    [
      "names the module that cannot be downloaded",
      `go: downloading example.org/x/y v1.2.3\nz.go:3:8: example.org/x/y@v1.2.3: Get ${proxy}`,
      "The test programs cannot be built, because the Go module example.org/x/y@v1.2.3 could not be downloaded " +
        "(dial tcp: lookup proxy.example: no such host): check the network, or set GOPROXY to a module proxy that can be reached.",
    ],
    [
      "says that the proxy is switched off",
      "z.go:3:8: module lookup disabled by GOPROXY=off",
      'The test programs cannot be built, because GOPROXY is "off" and Go modules are missing: unset GOPROXY, or set it to a module proxy.',
    ],
    [
      "says that the disk is full",
      "write /tmp/go-build1/b001/_pkg_.a: no space left on device",
      "The test programs cannot be built, because the disk is full: free space, or set SLIPWAY_CACHE_DIR, GOCACHE and GOMODCACHE to folders on a larger disk.",
    ],
    [
      "quotes what else went wrong",
      "# example.org/z\nz.go:1:1: undefined: nothing",
      "The test programs cannot be built, because `go build` failed: # example.org/z | z.go:1:1: undefined: nothing: " +
        "try again after `go clean -cache`, and report it if it stays.",
    ],
  ];
  for (const [title, said, message] of failures) {
    it(title, async () => {
      const { group, layout, go, updates } = setUp();
      writeFileSync(join(group.graph, "fail"), said);
      await assert.rejects(buildGroup(group, layout, go, task(updates)), { name: "SlipwayError", message });
    });
  }
});
