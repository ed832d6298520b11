import assert from "node:assert/strict";
import { formatted } from "../../../dashboards/pictures/format";

describe("formatted", () => {
  const cases: [number, string, string][] = [
    [0, "short", "0"],
    [1234, "short", "1.23 K"],
    [1e7, "short", "10 Mil"],
    [0.00123, "short", "0.00123"],
    [-1500, "short", "-1.5 K"],
    [12.345, "percent", "12.3%"],
    [0.5, "percentunit", "50%"],
    [78.64, "reqps", "78.6 req/s"],
    [0.000148, "s", "148 µs"],
    [0.0125, "s", "12.5 ms"],
    [3.5, "s", "3.5 s"],
    [90, "s", "1.5 min"],
    [0.5, "h", "30 min"],
    [172_800, "s", "2 day"],
    [1_073_741_824, "bytes", "1 GiB"],
    [1536, "binBps", "1.5 KiB/s"],
    [64, "celsius", "64 °C"],
    [1500, "watt", "1.5 kW"],
    [1.755e9, "hertz", "1.75 GHz"],
    [48, "none", "48"],
    [NaN, "s", "NaN"],
  ];
  for (const [value, unit, text] of cases)
    it(`writes ${value} ${unit} as ${text}`, () => assert.equal(formatted(value, unit), text));
});
