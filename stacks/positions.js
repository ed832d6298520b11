// Where in the sources each resource is declared: the engine keeps it in the state, and the audit's report names it.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, resolve } = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");

/** The frames that led to this one, which itself is left out, outermost last. */
function callSites(above) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = Infinity;
    Error.prepareStackTrace = (_, sites) => sites;
    const here = {};
    Error.captureStackTrace(here, above);
    return here.stack;
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/** What Node knows of the file, as where tsx has stripped it, or what lies beside it, as where it was built; not for packages' files. */
function readSourceMap(file) {
  const known = Module.findSourceMap(file);
  if (known !== undefined || file.includes("/node_modules/")) return known;
  try {
    return new Module.SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  } catch {
    return undefined; // It is the source.
  }
}

const sourceMaps = new Map();
function sourceMapOf(file) {
  if (!sourceMaps.has(file)) sourceMaps.set(file, readSourceMap(file));
  return sourceMaps.get(file);
}

function mapped(file, line, column) {
  const { originalSource, originalLine, originalColumn } =
    sourceMapOf(file)?.findEntry(line - 1, column - 1) ?? {};
  if (originalSource === undefined) return { file, line, column };
  const source = originalSource.startsWith("file:") ? fileURLToPath(originalSource) : originalSource;
  return { file: resolve(dirname(file), source), line: originalLine + 1, column: originalColumn + 1 };
}

/** Most frames of a resource are those of the one before it. */
const positions = new Map();
function positionOf(site) {
  const [name, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  if (!name || name.startsWith("node:") || !line || !column) return undefined;
  const key = `${name}:${line}:${column}`;
  if (!positions.has(key)) {
    const place = mapped(name.startsWith("file:") ? fileURLToPath(name) : name, line, column);
    positions.set(key, { uri: pathToFileURL(place.file).href, line: place.line, column: place.column });
  }
  return positions.get(key);
}

/**
 * The SDK has every frame's text made, which Node maps to the sources one by one, and takes the text apart again: a tenth of what a
 * program does. Here frames are asked for their places, and each place is looked up once.
 */
function tellPositions() {
  const { Resource } = require("@pulumi/pulumi");
  Resource.stackTrace = function stackTrace(skip) {
    // The SDK counts itself.
    return callSites(stackTrace)
      .slice(skip - 1)
      .map(positionOf);
  };
}

/** Where nobody reads them. */
function forgetPositions() {
  require("@pulumi/pulumi").Resource.stackTrace = () => [];
}

module.exports = { forgetPositions, tellPositions };
