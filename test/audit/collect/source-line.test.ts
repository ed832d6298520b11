import assert from "node:assert/strict";
import { sourceLine } from "../../../audit/collect/source-line";

const ROOT = "/home/me/src/shop";

describe("sourceLine", () => {
  const cases: Readonly<Record<string, [string, string, object | undefined]>> = {
    "a path from the project": [
      "project:///stacks/aws/index.ts#19,4",
      ROOT,
      { file: "stacks/aws/index.ts", line: 19, column: 4 },
    ],
    "a position without a column": ["project:///index.ts#7", ROOT, { file: "index.ts", line: 7 }],
    "a path from the engine's folder to a checkout elsewhere": [
      "project:///../../../../../home/me/project/components/a.ts#1,1",
      "/home/me/project",
      { file: "components/a.ts", line: 1, column: 1 },
    ],
    "a path that climbs to a folder they share": [
      "project:///../../../../src/shop/index.ts#3,1",
      ROOT,
      { file: "index.ts", line: 3, column: 1 },
    ],
    "a path with an escaped blank": [
      "project:///my%20stack/index.ts#3",
      ROOT,
      { file: "my stack/index.ts", line: 3 },
    ],
    "a path of another checkout": ["project:///../../tmp/other/index.ts#3", ROOT, undefined],
    "a library": ["project:///node_modules/@pulumi/aws/x.ts#3", ROOT, undefined],
    "a path that climbs out later": ["project:///a/../../../etc/passwd#1", ROOT, undefined],
    "line 0": ["project:///index.ts#0", ROOT, undefined],
    "a line beyond numbers": ["project:///index.ts#99999999999999999999", ROOT, undefined],
    "a broken escape": ["project:///%E0%A4%A/index.ts#3", ROOT, undefined],
    "another scheme": ["file:///home/me/src/shop/index.ts#3", ROOT, undefined],
    nothing: ["", ROOT, undefined],
  };
  for (const [name, [position, root, expected]] of Object.entries(cases)) {
    it(`reads ${name}`, () => assert.deepEqual(sourceLine([position], root), expected));
  }

  it("takes the first frame in the project's own code", () => {
    const frames = [
      undefined,
      "project:///node_modules/a/b.ts#1,1",
      "project:///main.ts#5,2",
      "project:///z.ts#9,9",
    ];
    assert.deepEqual(sourceLine(frames, ROOT), { file: "main.ts", line: 5, column: 2 });
  });
});
