import { containerRule } from "../../model/pods";

/** Switches of well-known servers that take their authentication, authorisation or TLS away. */
const INSECURE: readonly RegExp[] = [
  /^--anonymous-auth(?:=true)?$/,
  /^--authorization-mode=(?:.*,)?AlwaysAllow(?:,.*)?$/,
  /^--enable-skip-login(?:=true)?$/,
  /^--enable-insecure-login(?:=true)?$/,
  /^--disable-auth(?:entication)?(?:=true)?$/,
  /^--no-auth(?:=true)?$/,
  /^--auth-mode=(?:none|server)$/,
  /^--(?:kubelet-)?insecure(?:-skip)?(?:-tls)?(?:-verify)?(?:=true)?$/,
  /^--insecure-bind-address=/,
  /^--insecure-port=[1-9]\d*$/,
  /^--NotebookApp\.(?:token|password)=['"]{0,2}$/,
  /^--ServerApp\.(?:token|password)=['"]{0,2}$/,
];

export const containerInsecureArguments = containerRule(
  {
    id: "container-insecure-arguments",
    title: "No switch takes a server's authentication or TLS away",
    severity: "high",
    description:
      "A dashboard that can skip its login, a notebook without token, an API that lets anonymous callers in: each is one argument away.",
    remediation: 'args: ["--port=8443"] // without the switch',
  },
  (container) => {
    const found = ["command", "args"]
      .flatMap((list) => container.get(list).strings())
      .filter((text) => INSECURE.some((pattern) => pattern.test(text)));
    return found.length === 0
      ? undefined
      : `must not be started with ${found.map((text) => `\`${text}\``).join(", ")}.`;
  },
);
