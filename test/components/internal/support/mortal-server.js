// A model's server, as far as a gateway sees one: it answers after some milliseconds, and dies of a request that is poison to it.
const { createServer } = require("node:http");

const server = createServer((request, response) => {
  if (request.url === "/poison") return void process.kill(process.pid, "SIGKILL");
  request.resume().on("end", () => setTimeout(() => response.end(String(process.pid)), 5));
});
server.keepAliveTimeout = 75_000;
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("ready\n"));
