import assert from "node:assert";
import {
  byteQuantity,
  enlarged,
  fetchTime,
  loadTime,
  mostStorageBytes,
  storageBytes,
} from "../../../components/internal/model-footprint";

const MI = 2 ** 20;
const GI = 2 ** 30;

describe("footprint of models", () => {
  it("takes time by its size, in full seconds", () => {
    assert.deepEqual([0, 1, 16 * MI, 2 * GI].map(fetchTime), [0, 1, 1, 128]);
    assert.deepEqual([0, 1, 64 * MI, 2 * GI].map(loadTime), [0, 1, 1, 32]);
  });

  it("reserves a quarter more on disk, and has room for an archive besides", () => {
    assert.equal(storageBytes(4 * GI), 5 * GI);
    assert.equal(storageBytes(1), 2);
    assert.equal(mostStorageBytes(4 * GI), 9 * GI);
  });

  it("is written as the API server stores it", () => {
    const cases: [number, string][] = [
      [1, "1Mi"],
      [MI, "1Mi"],
      [MI + 1, "2Mi"],
      [1536 * MI, "1536Mi"],
      [2048 * MI, "2Gi"],
      [1024 * GI, "1Ti"],
    ];
    for (const [bytes, text] of cases) assert.equal(byteQuantity(bytes), text);
  });

  it("leaves a quantity as it is where there is nothing to add", () => {
    assert.equal(enlarged("1G", 0), "1G");
    assert.equal(enlarged("256Mi", 2 * GI), "2304Mi");
    assert.equal(enlarged("1Gi", 4 * GI), "5Gi");
  });
});
