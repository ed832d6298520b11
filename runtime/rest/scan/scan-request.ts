import { isDatatype, type Datatype, type TensorData } from "../../dataplane/datatypes";
import { HIGHEST_RANK, type Tensor, type TensorLimits } from "../../dataplane/tensor";
import type { BodyRequest, RequestBody } from "../infer-request";
import { Char, skipSpace, UNUSUAL } from "./characters";
import { JsonCursor, UNUSUAL_REQUEST } from "./json-cursor";
import { KnownHeads } from "./known-heads";
import { KnownOpenings, type Opening } from "./known-openings";
import { rawInput, type RawInput } from "./raw-input";
import { ScannedData } from "./scan-data";

/**
 * Reads a request of the usual form straight from its bytes, several times as fast as by way of text and `JSON.parse`.
 * Gives undefined for any other one, valid or not: the exact parser then takes or refuses it. What is taken here is
 * taken there with the same result.
 */
export function scanInferRequest(body: RequestBody, limits: TensorLimits): BodyRequest | undefined {
  try {
    if (body.jsonLength === body.bytes.length) return scanJson(body, limits);
    const known = knownHeads.find(body, limits);
    if (known) return known.request(body.bytes);
    const scanner = new RequestScanner(body, limits);
    const request = scanner.request();
    knownHeads.keep(body, limits, request, scanner.raws);
    return request;
  } catch (error) {
    if (error === UNUSUAL_REQUEST) return undefined;
    throw error;
  }
}

const knownHeads = new KnownHeads();
const knownOpenings = new KnownOpenings();

function scanJson(body: RequestBody, limits: TensorLimits): BodyRequest {
  const scanner = new RequestScanner(body, limits);
  const known = knownOpenings.find(body.bytes, limits);
  const request = scanner.request(known);
  if (!known && scanner.opening) knownOpenings.keep(body.bytes, limits, scanner.opening);
  return request;
}

/** The request, its inputs and the tensor. */
const LEVELS_AROUND_DATA = 3;

class RequestScanner extends JsonCursor {
  /** Inputs whose values follow the JSON, in its order. */
  readonly raws: RawInput[] = [];
  /** What came before the first values, where that is all of one input's own. */
  opening: Opening | undefined;
  /** Whether nothing came before the input that is read. */
  private opens = false;
  /** The next byte of the values that follow. */
  private tail: number;

  constructor(
    { bytes, jsonLength }: RequestBody,
    private readonly limits: TensorLimits,
  ) {
    super(bytes, jsonLength);
    this.tail = jsonLength;
  }

  /** @param known what the JSON begins with */
  request(known?: Opening): BodyRequest {
    let id: string | undefined;
    let hasParameters = false;
    let inputs: Tensor[] | undefined;
    let outputs: string[] | undefined;
    let binaryByOutput: (boolean | undefined)[] | undefined;
    let binaryByDefault = false;
    let more = true;
    if (known) {
      inputs = [this.input(known)];
      this.moreInputs(inputs);
      more = this.another(Char.CloseObject);
    } else this.expect(Char.OpenObject);
    for (let first = true; more; first = false, more = this.another(Char.CloseObject)) {
      switch (this.key()) {
        case "id":
          if (id !== undefined) throw UNUSUAL_REQUEST;
          id = this.text();
          break;
        case "inputs":
          if (inputs !== undefined) throw UNUSUAL_REQUEST;
          this.expect(Char.OpenArray);
          this.opens = first;
          inputs = [this.input()];
          this.moreInputs(inputs);
          break;
        case "outputs":
          if (outputs !== undefined) throw UNUSUAL_REQUEST;
          outputs = [];
          binaryByOutput = [];
          this.expect(Char.OpenArray);
          do this.output(outputs, binaryByOutput);
          while (this.another(Char.CloseArray));
          break;
        case "parameters":
          if (hasParameters) throw UNUSUAL_REQUEST;
          hasParameters = true;
          binaryByDefault = this.requestParameters();
          break;
        case "model_name":
        case "model_version":
          this.text();
          break;
        default:
          throw UNUSUAL_REQUEST;
      }
    }
    if (this.at !== this.end || this.tail !== this.bytes.length || inputs === undefined)
      throw UNUSUAL_REQUEST;
    return {
      id,
      parameters: undefined,
      inputs,
      outputs,
      binaryByOutput,
      binaryByDefault,
    };
  }

  private moreInputs(inputs: Tensor[]): void {
    this.opens = false;
    while (this.another(Char.CloseArray)) inputs.push(this.input());
  }

  private input(known?: Opening): Tensor {
    let name = known?.name;
    let datatype = known?.datatype;
    let shape = known?.shape;
    let count = 0;
    let data: TensorData | undefined;
    let more = true;
    /** Where the values are that came before what they mean was known. */
    let later: number | undefined;
    let rawSize: number | undefined;
    if (known) {
      this.at = known.length;
      data = this.values(known.datatype, known.shape, known.count);
      more = this.another(Char.CloseObject);
    } else this.expect(Char.OpenObject);
    for (; more; more = this.another(Char.CloseObject)) {
      switch (this.key()) {
        case "name":
          if (name !== undefined) throw UNUSUAL_REQUEST;
          name = this.text();
          break;
        case "datatype": {
          const text = this.text();
          if (datatype !== undefined || !isDatatype(text)) throw UNUSUAL_REQUEST;
          datatype = text;
          break;
        }
        case "shape":
          if (shape !== undefined) throw UNUSUAL_REQUEST;
          shape = this.shape();
          count = countOf(shape);
          if (count > this.limits.maxTensorElements) throw UNUSUAL_REQUEST;
          break;
        case "data":
          if (data !== undefined || later !== undefined) throw UNUSUAL_REQUEST;
          if (datatype === undefined || shape === undefined) later = this.skipArray();
          else {
            if (this.opens && name !== undefined && rawSize === undefined)
              this.opening = { length: this.at, name, datatype, shape, count };
            data = this.values(datatype, shape, count);
          }
          break;
        case "parameters":
          if (rawSize !== undefined) throw UNUSUAL_REQUEST;
          rawSize = this.rawSize();
          break;
        default:
          throw UNUSUAL_REQUEST;
      }
    }
    if (!name || datatype === undefined || shape === undefined) throw UNUSUAL_REQUEST;
    if (later !== undefined) {
      const after = this.at;
      this.at = later;
      data = this.values(datatype, shape, count);
      this.at = after;
    }
    if (rawSize !== undefined && rawSize !== UNUSUAL) {
      if (data !== undefined) throw UNUSUAL_REQUEST;
      return this.raw({ name, datatype, shape, count, size: rawSize });
    }
    if (data === undefined) throw UNUSUAL_REQUEST;
    return { name, datatype, shape, data };
  }

  private values(datatype: Datatype, shape: readonly number[], count: number): TensorData {
    const at = skipSpace(this.bytes, this.at);
    const scanned = new ScannedData(this.bytes, at, this.end, datatype, shape, count);
    if (scanned.after === UNUSUAL) throw UNUSUAL_REQUEST;
    // Levels around the data are three; nested data can have as many as the shape.
    if (shape.length + LEVELS_AROUND_DATA > this.limits.maxJsonDepth && shape.length > 1)
      throw UNUSUAL_REQUEST;
    this.at = scanned.after;
    return scanned.data!;
  }

  private raw(input: RawInput): Tensor {
    const from = this.tail;
    this.tail += input.size;
    this.raws.push(input);
    return rawInput(input, this.bytes, from);
  }

  private output(names: string[], binary: (boolean | undefined)[]): void {
    let name: string | undefined;
    let flag: boolean | undefined;
    this.expect(Char.OpenObject);
    do {
      switch (this.key()) {
        case "name":
          if (name !== undefined) throw UNUSUAL_REQUEST;
          name = this.text();
          break;
        case "parameters":
          if (flag !== undefined) throw UNUSUAL_REQUEST;
          this.expect(Char.OpenObject);
          if (this.key() !== "binary_data") throw UNUSUAL_REQUEST;
          flag = this.boolean();
          this.expect(Char.CloseObject);
          break;
        default:
          throw UNUSUAL_REQUEST;
      }
    } while (this.another(Char.CloseObject));
    if (name === undefined) throw UNUSUAL_REQUEST;
    names.push(name);
    binary.push(flag);
  }

  /** `{"binary_data_output":true}`, which clients of binary tensors send; others are echoed, and parsed as they must be. */
  private requestParameters(): boolean {
    this.expect(Char.OpenObject);
    if (this.key() !== "binary_data_output") throw UNUSUAL_REQUEST;
    const value = this.boolean();
    this.expect(Char.CloseObject);
    return value;
  }

  /** UNUSUAL where there are no parameters in the braces. */
  private rawSize(): number {
    this.expect(Char.OpenObject);
    if (this.closes()) return UNUSUAL;
    if (this.key() !== "binary_data_size") throw UNUSUAL_REQUEST;
    const size = this.integer();
    this.expect(Char.CloseObject);
    return size;
  }

  private shape(): number[] {
    this.expect(Char.OpenArray);
    const shape: number[] = [];
    do {
      const dimension = this.integer();
      if (dimension === 0 || shape.length === HIGHEST_RANK) throw UNUSUAL_REQUEST;
      shape.push(dimension);
    } while (this.another(Char.CloseArray));
    return shape;
  }
}

function countOf(shape: readonly number[]): number {
  let count = 1;
  for (const dimension of shape) count *= dimension;
  return count;
}
