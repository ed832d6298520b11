import { containerRule } from "../../model/pods";

const SUDO = /^(?:\/usr)?(?:\/local)?(?:\/bin\/)?(?:sudo|doas)$/;

export const containerSudo = containerRule(
  {
    id: "container-sudo",
    title: "Containers do not start by sudo",
    severity: "medium",
    description:
      "A program that needs root at its start has root for whoever gets into it, and works only where privilege escalation is allowed.",
    remediation: 'command: ["serve"] // and let the image and its volumes belong to the user it runs as',
  },
  (container) => {
    const words = ["command", "args"].flatMap((list) => container.get(list).strings());
    // `sh -c "sudo serve"` is one word of several.
    const found = words.some((word) => word.split(/[\s;&|]+/).some((part) => SUDO.test(part)));
    return found ? "must not call `sudo` in its command." : undefined;
  },
);
