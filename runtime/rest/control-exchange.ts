import type { ByteShare } from "../dataplane/byte-budget";
import { invalid } from "../errors";
import { BodyReader, type BodyConsumer } from "./body";
import { Exchange } from "./exchange";
import { inflate, requestEncoding } from "./inflate";
import { parseOptionalObject, isJsonObject, type JsonObject } from "./json-body";
import { openApiDocument } from "./openapi/document";
import type { Match } from "./routes";

/** A request that is about the server or its models rather than for one of them. */
export class ControlExchange extends Exchange implements BodyConsumer {
  private match!: Match;
  private share: ByteShare | undefined;

  override start(match: Match): void {
    this.match = match;
    if (match.route.method === "GET") {
      this.answerWith(Buffer.alloc(0));
      return;
    }
    const { options, request } = this;
    this.share = options.budget.open();
    this.reader = BodyReader.read(request, options.maxBodyBytes, this.share, this);
  }

  bodyRead(body: Buffer): void {
    this.reader = undefined;
    this.answerWith(body);
  }

  bodyFailed(error: unknown): void {
    this.reader = undefined;
    this.share?.release();
    this.refuse(error);
  }

  private answerWith(body: Buffer): void {
    this.answer(body)
      .catch((error: unknown) => this.refuse(error))
      .finally(() => this.share?.release());
  }

  private async answer(body: Buffer): Promise<void> {
    const { dataPlane } = this.options;
    const { operation, model, version } = this.match;
    switch (operation) {
      case "serverMetadata":
        return this.sendJson(200, dataPlane.serverMetadata());
      case "openApi":
        return this.sendJson(200, openApiDocument());
      case "live": {
        const live = dataPlane.live();
        return this.sendJson(live ? 200 : 503, { live });
      }
      case "ready": {
        const ready = dataPlane.ready();
        return this.sendJson(ready ? 200 : 503, { ready });
      }
      case "modelMetadata":
        return this.sendJson(200, await dataPlane.modelMetadata(model, version));
      case "modelReady": {
        const ready = dataPlane.modelReady(model, version);
        return this.sendJson(ready ? 200 : 503, { name: model, ready });
      }
      case "modelConfig":
        return this.sendJson(200, await dataPlane.modelConfig(model, version));
      case "statistics":
        return this.sendJson(200, { model_stats: dataPlane.statistics() });
      case "modelStatistics":
        return this.sendJson(200, { model_stats: dataPlane.statistics(model, version) });
      case "drift":
        return this.sendJson(200, await dataPlane.drift(model, version, this.asksFor("baseline")));
      case "feedback":
        return this.sendJson(200, dataPlane.takeFeedback(model, version, await this.object(body)));
      case "repositoryIndex": {
        const { ready } = await this.object(body);
        return this.sendJson(200, dataPlane.repositoryIndex(ready === true));
      }
      case "repositoryLoad":
        await dataPlane.loadModel(model, await this.parameters(body));
        return this.sendJson(200, {});
      case "repositoryUnload":
        await dataPlane.unloadModel(model, await this.parameters(body));
        return this.sendJson(200, {});
      default:
        throw new Error(`${operation} is no operation of the server.`);
    }
  }

  /** Whether the query says `name=true`. */
  private asksFor(name: string): boolean {
    const [, query = ""] = (this.request.url ?? "").split("?");
    return new URLSearchParams(query).get(name) === "true";
  }

  private async object(body: Buffer): Promise<JsonObject> {
    const { maxBodyBytes, maxJsonDepth } = this.options;
    const encoding = requestEncoding(this.request.headers["content-encoding"]);
    const plain = encoding ? await inflate(body, encoding, maxBodyBytes, this.share!) : body;
    return parseOptionalObject(plain, maxJsonDepth, this.share);
  }

  private async parameters(body: Buffer): Promise<JsonObject | undefined> {
    const { parameters } = await this.object(body);
    if (parameters === undefined || isJsonObject(parameters)) return parameters;
    throw invalid("`parameters` must be an object.");
  }
}
