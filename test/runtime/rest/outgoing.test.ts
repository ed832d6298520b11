import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { httpDate } from "../../../runtime/rest/http-date";
import { Outgoing } from "../../../runtime/rest/outgoing";

const TEXT = "an answer \xe9";
const FIELDS = ["x-request-id", "7", "content-type", "text/plain"];

type Answer = (response: Outgoing, body: string | Buffer) => void;

const fields = (body: string | Buffer) => [...FIELDS, "content-length", String(body.length)];
const whole: Answer = (response, body) => response.answer(fields(body), body);
const byNode: Answer = (response, body) => {
  response.writeHead(200, fields(body));
  response.end(body, "latin1");
};

describe("Outgoing", () => {
  let server: Server;
  let handle: (response: Outgoing) => void;
  const clients: Socket[] = [];

  beforeEach(async () => {
    const options = { keepAliveTimeout: 0, ServerResponse: Outgoing };
    server = createServer(options, (request, response) => {
      request.resume();
      handle(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(() => {
    clients.splice(0).forEach((client) => client.destroy());
    server.close();
    server.closeAllConnections();
  });

  function open(): Socket {
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    clients.push(client);
    return client;
  }

  /** Whatever comes until the server ends the connection, or until it is as much as that. */
  async function said(request: string, answer: Answer, body: string | Buffer, answers = 1): Promise<string> {
    let closed = 0;
    handle = (response) => {
      response.once("close", () => {
        if (++closed === answers) response.req.socket.end();
      });
      answer(response, body);
    };
    const client = open();
    let text = "";
    client.setEncoding("latin1").on("data", (piece: string) => (text += piece));
    client.write(request);
    await once(client, "end");
    return text.replaceAll(/\r\nDate: ([^\r]*)/g, (_, date: string) => {
      assert.ok(Math.abs(Date.now() - Date.parse(date)) < 60_000, date);
      return "\r\nDate: now";
    });
  }

  const asked = (...lines: string[]) => ["POST / HTTP/1.1", "Host: x", ...lines, "", ""].join("\r\n");
  const large = Buffer.from("large, ".repeat(200_000), "latin1");
  for (const [what, request, body, answers] of [
    ["a text", asked(), TEXT],
    ["no text", asked(), ""],
    ["a text longer than a stream's memory", asked(), "text, ".repeat(9000)],
    ["bytes", asked(), Buffer.from(TEXT, "latin1")],
    ["many bytes", asked(), large],
    ["the last request of a connection", asked("Connection: close"), TEXT],
    ["a request of HTTP/1.0", "POST / HTTP/1.0\r\n\r\n", TEXT],
    ["one of HTTP/1.0 that keeps its connection", "POST / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", TEXT],
    ["one that wants the headers alone", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", TEXT],
    ["one that waits to be told to go on", asked("Expect: 100-continue", "Content-Length: 0"), TEXT],
    ["several that come at once", asked().repeat(3), TEXT, 3],
    ["several that come at once, with much to answer", asked().repeat(3), large, 3],
  ] as [string, string, string | Buffer, number?][]) {
    it(`says what Node's \`writeHead\` and \`end\` say: ${what}`, async () => {
      const expected = await said(request, byNode, body, answers);
      assert.match(expected, /^HTTP\/1\.1 (100 Continue\r\n\r\nHTTP\/1\.1 )?200 OK\r\nx-request-id: 7\r\n/);
      assert.equal(await said(request, whole, body, answers), expected);
    });
  }

  it("answers one request after the other on a connection", async () => {
    let count = 0;
    handle = (response) => whole(response, `answer ${count++}`);
    const client = open().setEncoding("latin1");
    for (let i = 0; i < 5; i++) {
      client.write(asked());
      assert.ok(((await once(client, "data")) as [string])[0].endsWith(`\r\n\r\nanswer ${i}`));
    }
  });

  for (const [name, answer] of [
    ["written whole", whole],
    ["by Node", byNode],
  ] as const) {
    /** Answers a request of `client`; the events of the answer are seen in `seen`. */
    async function asksFor(client: Socket, body: string | Buffer, seen: string[]): Promise<Outgoing> {
      const asking = new Promise<Outgoing>((resolve) => {
        handle = (response) => {
          for (const event of ["prefinish", "finish", "close"]) response.once(event, () => seen.push(event));
          answer(response, body);
          seen.push(`${response.headersSent} ${response.writableEnded} ${response.statusCode}`);
          resolve(response);
        };
      });
      client.write(asked());
      return asking;
    }

    it(`tells that it is ended, sent and closed (${name})`, async () => {
      const seen: string[] = [];
      const response = await asksFor(open().resume(), TEXT, seen);
      if (!response.destroyed) await once(response, "close");
      assert.deepEqual(seen, ["prefinish", "true true 200", "finish", "close"]);
      assert.equal(response.writableFinished, true);
      assert.throws(() => answer(response, TEXT), { code: "ERR_HTTP_HEADERS_SENT" });
    });

    it(`counts what a client does not read, until it does (${name})`, async () => {
      const much = Buffer.alloc(32 * 1024 * 1024, 1);
      const client = open().pause();
      const seen: string[] = [];
      const response = await asksFor(client, much, seen);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok(response.writableLength > 0);
      assert.equal(response.writableFinished, false);
      assert.deepEqual(seen, ["prefinish", "true true 200"]);
      let bytes = 0;
      client.on("data", (piece) => (bytes += piece.length)).resume();
      await once(response, "close");
      assert.equal(response.writableFinished, true);
      while (bytes < much.length) await once(client, "data");
    });

    it(`closes where the client leaves amid the answer (${name})`, async () => {
      const client = open().pause();
      const seen: string[] = [];
      const response = await asksFor(client, Buffer.alloc(32 * 1024 * 1024), seen);
      client.resetAndDestroy();
      await once(response, "close");
      assert.equal(response.destroyed, true);
      assert.deepEqual(seen, ["prefinish", "true true 200", "finish", "close"]);
    });
  }

  it("says nothing to a client that has left before", async () => {
    let response!: Outgoing;
    handle = (given) => (response = given);
    const client = open();
    client.write(asked());
    await once(server, "request");
    client.resetAndDestroy();
    await once(response, "close");
    assert.doesNotThrow(() => whole(response, TEXT));
  });

  it("leaves the answer to Node where that keeps its state elsewhere", async () => {
    handle = (response) => {
      Object.defineProperty(response, "_finish", { value: undefined, configurable: true });
      const { end } = response;
      response.end = ((...args: Parameters<typeof end>) => {
        delete (response as Partial<{ _finish: unknown }>)._finish;
        return end.apply(response, args);
      }) as typeof end;
      whole(response, TEXT);
    };
    const client = open().setEncoding("latin1");
    client.write(asked());
    const [text] = (await once(client, "data")) as [string];
    assert.ok(text.startsWith("HTTP/1.1 200 OK\r\n") && text.endsWith(TEXT));
  });
});

describe("httpDate", () => {
  it("is the time of the second, and goes on", async () => {
    const first = httpDate();
    assert.equal(first, new Date(Date.parse(first)).toUTCString());
    assert.ok(Math.abs(Date.now() - Date.parse(first)) < 2000);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.ok(Date.parse(httpDate()) > Date.parse(first));
  });
});
