import { isObject } from "../../shared/values";

type Step = (values: unknown[]) => unknown[];

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function field(name: string): Step {
  return (values) =>
    values.flatMap((value) => {
      const member = isObject(value) ? value[name] : undefined;
      return member === undefined || member === null ? [] : [member];
    });
}

function filter(path: string, operator: string, wanted: string): Step {
  return (values) =>
    values.flatMap(children).filter((element) => {
      const found = evaluateJsonPath(path, element).map(String).includes(wanted);
      return operator === "==" ? found : !found;
    });
}

const TOKEN =
  /^(?:\.([A-Za-z0-9_-]+)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*(-?\d+)\s*\]|(\.\*|\[\s*\*\s*\])|\[\?\(\s*@(\S*?)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([^)\s]+))\s*\)\])/;

function parse(path: string): Step[] {
  const steps: Step[] = [];
  let rest = path.replaceAll("\\.", "\u0000");
  while (rest !== "") {
    const match = TOKEN.exec(rest);
    if (!match) throw new Error(`The JSONPath "${path}" cannot be read from "${rest}" on.`);
    const [token, plain, single, double, index, every, inner, operator, ...texts] = match;
    const name = plain ?? single ?? double;
    if (name !== undefined) steps.push(field(name.replaceAll("\u0000", ".")));
    else if (index !== undefined) {
      const position = Number(index);
      steps.push((values) =>
        values.flatMap((value) => (Array.isArray(value) ? [value.at(position) as unknown] : [])),
      );
    } else if (every !== undefined) steps.push((values) => values.flatMap(children));
    else steps.push(filter(inner ?? "", operator ?? "==", texts.find((text) => text !== undefined) ?? ""));
    rest = rest.slice(token.length);
  }
  return steps;
}

/**
 * The values at a path in kubectl's dialect: fields, indices, `[*]` and `[?(@.type=="Ready")]` filters, with or
 * without braces.
 */
export function evaluateJsonPath(path: string, root: unknown): unknown[] {
  const inner = path
    .trim()
    .replace(/^\{(.*)\}$/s, "$1")
    .replace(/^\$/, "");
  const dotted = inner === "" || /^[.[]/.test(inner) ? inner : `.${inner}`;
  return parse(dotted).reduce<unknown[]>((values, step) => step(values), [root]);
}
