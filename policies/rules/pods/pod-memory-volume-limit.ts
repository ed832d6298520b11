import { podRule } from "../../model/pods";

export const podMemoryVolumeLimit = podRule(
  {
    id: "pod-memory-volume-limit",
    title: "Volumes in memory have a size limit",
    severity: "medium",
    description:
      "An emptyDir with medium Memory counts as its writer's memory: without `sizeLimit` files in it end the container that writes them.",
    remediation: 'volumes: [{ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } }]',
  },
  (pod) => {
    const open = pod
      .get("volumes")
      .items()
      .filter((volume) => volume.get("emptyDir", "medium").string() === "Memory")
      .filter((volume) => !volume.get("emptyDir", "sizeLimit").exists());
    return open.length === 0
      ? undefined
      : `must set \`emptyDir.sizeLimit\` of volume ${open.map((volume) => `\`${volume.get("name").show()}\``).join(", ")}.`;
  },
);
