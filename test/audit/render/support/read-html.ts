import { parse, parseFragment, type DefaultTreeAdapterTypes as Tree } from "parse5";

export type Element = Tree.Element;

/** The elements of a page or fragment in their order, as a browser's parser finds them. */
export function elementsOf(html: string): Element[] {
  const root = /^<!doctype/i.test(html) ? parse(html) : parseFragment(html);
  const found: Element[] = [];
  const visit = (node: Tree.Node) => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(root);
  return found;
}

export const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;

export const hasClass = (element: Element, name: string): boolean =>
  (attribute(element, "class") ?? "").split(" ").includes(name);

/** All text below; `leave` names elements whose text does not count. */
export function textOf(node: Tree.Node, leave: readonly string[] = []): string {
  if (node.nodeName === "#text") return (node as Tree.TextNode).value;
  if (leave.includes(node.nodeName)) return "";
  return "childNodes" in node ? node.childNodes.map((child) => textOf(child, leave)).join("") : "";
}
