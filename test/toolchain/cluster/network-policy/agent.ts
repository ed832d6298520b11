/**
 * One end of the connections of the enforcement tests: runs in a network namespace, answers on the ports that it is
 * told and connects where it is told. Talks to the test over Node's channel between processes.
 */
import dgram from "node:dgram";
import net from "node:net";

export interface Attempt {
  readonly id: number;
  /** Own address of the connection. */
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  /** How long to wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

export interface AgentOptions {
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

function listen({ tcp, udp }: AgentOptions): Promise<unknown> {
  const ready = tcp.map((port) => {
    const server = net.createServer((socket) => socket.on("error", () => undefined).pipe(socket));
    return new Promise<void>((resolve) => server.listen(port, "0.0.0.0", resolve));
  });
  for (const port of udp) {
    const socket = dgram.createSocket("udp4");
    socket.on("message", (message, { port: sender, address }) => socket.send(message, sender, address));
    ready.push(new Promise<void>((resolve) => socket.bind(port, "0.0.0.0", resolve)));
  }
  return Promise.all(ready);
}

/** Whether the other side echoes what is sent to it in time. */
function tries(attempt: Attempt): Promise<boolean> {
  return attempt.protocol === "tcp" ? triesTcp(attempt) : triesUdp(attempt);
}

function triesTcp({ from, to, port, timeoutMs }: Attempt): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: to, port, localAddress: from });
    const end = (result: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(end, timeoutMs, false);
    socket.once("connect", () => socket.write("hello"));
    socket.once("data", () => end(true)).once("error", () => end(false));
  });
}

function triesUdp({ from, to, port, timeoutMs }: Attempt): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket("udp4");
    const end = (result: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(end, timeoutMs, false);
    socket.once("message", () => end(true)).once("error", () => end(false));
    socket.bind(0, from, () => socket.send("hello", port, to));
  });
}

void listen(JSON.parse(process.argv[2] ?? "") as AgentOptions).then(() => {
  process.on("message", (attempt: Attempt) => {
    void tries(attempt).then((result) => process.send?.({ id: attempt.id, result }));
  });
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
});
