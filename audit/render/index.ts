export { renderHtml } from "./html/page";
export { renderJson } from "./json";
export { renderJunit } from "./junit";
export { MARKDOWN_LIMIT, renderMarkdown } from "./markdown/markdown";
export { renderSarif } from "./sarif/sarif";
