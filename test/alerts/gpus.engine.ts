import { itHolds, type Case } from "./support/promtool-case";
import { platform } from "./support/rules";

const GPU = { Hostname: "gpu-1", gpu: "0", UUID: "GPU-a" };
const of = (metric: string, gpu = "0") =>
  `${metric}{Hostname="gpu-1",gpu="${gpu}",UUID="GPU-${gpu === "0" ? "a" : "b"}",modelName="NVIDIA H100",job="dcgm-exporter"}`;
const used = of("DCGM_FI_DEV_FB_USED");
const free = of("DCGM_FI_DEV_FB_FREE");
const xid = of("DCGM_FI_DEV_XID_ERRORS");
/** As the exporter labels it: by who has the GPU, and by what the number means. */
const xidOf = (pod: string, code: number) => xid.replace("}", `,exported_pod="${pod}",err_code="${code}"}`);
const instance = (metric: string, id: string) => of(metric).replace("}", `,GPU_I_ID="${id}"}`);
const heat = of("DCGM_FI_DEV_GPU_TEMP");
const remap = of("DCGM_FI_DEV_ROW_REMAP_FAILURE");

const firing = (labels: Record<string, string>, said: string, value?: string) => ({
  severity: "ticket" as const,
  labels: { ...GPU, ...labels },
  summary: `GPU 0 of gpu-1: ${said}`,
  ...(value === undefined ? {} : { value }),
});

const MEMORY = { alert: "SlipwayGpuMemorySaturated", at: "15m" } as const;
const ERRORS = { alert: "SlipwayGpuErrors", at: "15m" } as const;

const CASES: readonly Case[] = [
  {
    ...MEMORY,
    what: "96 % have been taken for ten minutes; another GPU is empty",
    series: {
      [used]: "76800x70",
      [free]: "3200x70",
      [of("DCGM_FI_DEV_FB_USED", "1")]: "0x70",
      [of("DCGM_FI_DEV_FB_FREE", "1")]: "80000x70",
    },
    fires: [firing({}, "96% of its memory is taken")],
  },
  { ...MEMORY, what: "just at the limit", series: { [used]: "95x70", [free]: "5x70" }, fires: [] },
  {
    ...MEMORY,
    what: "full for eight minutes, while a model was replaced",
    series: { [used]: "0x30 99x32 50x20", [free]: "100x30 1x32 50x20" },
    fires: [],
  },
  {
    ...MEMORY,
    what: "one instance of a divided GPU is full, another is empty",
    series: {
      [instance("DCGM_FI_DEV_FB_USED", "1")]: "9900x70",
      [instance("DCGM_FI_DEV_FB_FREE", "1")]: "100x70",
      [instance("DCGM_FI_DEV_FB_USED", "2")]: "100x70",
      [instance("DCGM_FI_DEV_FB_FREE", "2")]: "9900x70",
    },
    fires: [
      {
        ...firing({ GPU_I_ID: "1" }, ""),
        summary: "instance 1 of GPU 0 of gpu-1: 99% of its memory is taken",
      },
    ],
  },
  { ...MEMORY, what: "no exporter", series: {}, fires: [] },
  {
    ...ERRORS,
    what: "the device has fallen off the bus (XID 79)",
    series: { [xid]: "0x40 79x30" },
    fires: [firing({ problem: "xid" }, "XID 79", "79")],
  },
  {
    ...ERRORS,
    what: "an application read where it must not (XID 31)",
    series: { [xid]: "0x40 31x30" },
    fires: [],
  },
  { ...ERRORS, what: "an error of half an hour ago", series: { [xid]: "0x40 79x160" }, at: "35m", fires: [] },
  {
    ...ERRORS,
    what: "an error of half an hour ago, on a GPU that another pod has got",
    series: { [xidOf("text-old", 79)]: "79x120 _x40", [xidOf("text-new", 79)]: "_x120 79x40" },
    at: "33m",
    fires: [],
  },
  {
    ...ERRORS,
    what: "another error than that of half an hour ago",
    series: { [xidOf("text-old", 48)]: "48x120 _x40", [xidOf("text-old", 79)]: "_x120 79x40" },
    at: "33m",
    fires: [firing({ problem: "xid" }, "XID 79", "79")],
  },
  {
    ...ERRORS,
    what: "the same error again, after the application's own",
    series: {
      [xidOf("text-old", 48)]: "48x59 stale _x19 48x80",
      [xidOf("text-old", 31)]: "_x60 31x19 stale _x79",
    },
    at: "31m",
    fires: [firing({ problem: "xid" }, "XID 48", "48")],
  },
  {
    ...ERRORS,
    what: "it has been too hot for five minutes",
    series: { [heat]: "91x70" },
    fires: [firing({ problem: "heat" }, "91 °C")],
  },
  { ...ERRORS, what: "just not too hot", series: { [heat]: "90x70" }, fires: [] },
  { ...ERRORS, what: "hot for three minutes", series: { [heat]: "60x40 95x12 60x20" }, at: "13m", fires: [] },
  {
    ...ERRORS,
    what: "its memory cannot be repaired",
    series: { [remap]: "0x40 1x30" },
    fires: [firing({ problem: "memory" }, "its memory can no longer be repaired")],
  },
  { ...ERRORS, what: "all is well", series: { [xid]: "0x70", [heat]: "60x70", [remap]: "0x70" }, fires: [] },
  { ...ERRORS, what: "no exporter", series: {}, fires: [] },
];

describe("alerts on GPUs", () => {
  itHolds(platform(), CASES);
});
