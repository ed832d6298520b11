import assert from "node:assert";
import { byteCount, milliCores } from "../../../components/internal/quantity";
import { autoscalerSpec } from "../../../components/internal/autoscaling";

describe("quantities", () => {
  it("reads CPU in thousandths of a core", () => {
    const cases: [string, number | undefined][] = [
      ["250m", 250],
      ["1", 1000],
      ["1.5", 1500],
      ["0.1", 100],
      ["", undefined],
      ["1Gi", undefined],
      ["-1", undefined],
      ["1.5m", undefined],
    ];
    for (const [text, value] of cases) assert.equal(milliCores(text), value, text);
  });

  it("reads memory in bytes", () => {
    const cases: [string, number | undefined][] = [
      ["512Mi", 512 * 1024 * 1024],
      ["1G", 1e9],
      ["1024", 1024],
      ["", undefined],
      ["1m", undefined],
      ["1.5Gi", undefined],
    ];
    for (const [text, value] of cases) assert.equal(byteCount(text), value, text);
  });

  it("asks an autoscaler for a share of the limit, in the form that the API server stores", () => {
    const target = (cpuLimit: string, targetPercent: number) =>
      autoscalerSpec({ deployment: "text", minReplicas: 1, maxReplicas: 2, cpuLimit, targetPercent }).metrics;
    const metric = (averageValue: string) => [
      { type: "Resource", resource: { name: "cpu", target: { type: "AverageValue", averageValue } } },
    ];
    assert.deepEqual(target("1", 70), metric("700m"));
    assert.deepEqual(target("4", 50), metric("2"));
    assert.deepEqual(target("1m", 1), metric("1m"));
  });
});
