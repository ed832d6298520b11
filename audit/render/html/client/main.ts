import { markup } from "../../markup";
import { resourcesOf, STATES, type RuleFindings } from "../../order";
import { counted, grouped } from "../../text";
import { expand } from "../compact";
import { EVERYTHING, filterFromHash, filterInWords, filterToHash, finder, type Filter } from "../filter";
import { isTold } from "../finding";
import { offerControls, readForm, writeForm } from "./form";
import { nextItems, ruleCard } from "./results";

const RULES_OF_PAGE = 20;
/** Between a key and the search for what was typed. */
const TYPING_MS = 150;

const byId = (id: string) => document.getElementById(id)!;
const judged = expand(JSON.parse(byId("report").textContent!));
const find = finder(judged);
const lookUp = resourcesOf(judged);
const explorer = byId("explorer");
const form = explorer.querySelector("form")!;
const results = byId("results");
const pages = byId("pages");
const printShown = byId("print-shown") as HTMLInputElement;

let found: RuleFindings[] = [];
let page = 0;
let filter: Filter = EVERYTHING;
let whole = false;

const countOf = (entries: readonly RuleFindings[]) =>
  entries.reduce((sum, { findings }) => sum + STATES.reduce((n, state) => n + findings[state].length, 0), 0);

function announce(): void {
  const total = judged.findings.length;
  const count = countOf(found);
  byId("count").textContent =
    count === total
      ? `All ${counted(total, "finding")} of ${counted(found.length, "rule")}, worst first`
      : `${counted(count, "finding")} of ${grouped(total)}, of ${counted(found.length, "rule")}, worst first`;
  const words = filterInWords(filter);
  byId("applied").textContent = words === "" ? "" : `Filtered by ${words}.`;
}

function draw(): void {
  const last = Math.max(0, Math.ceil(found.length / RULES_OF_PAGE) - 1);
  page = Math.min(page, last);
  const start = whole ? 0 : page * RULES_OF_PAGE;
  const open = filter.states.length > 0 && !filter.states.some(isTold);
  results.innerHTML =
    found.length === 0
      ? markup`<p class="nothing">Nothing is found with these filters.</p>`.toString()
      : found
          .slice(start, whole ? undefined : start + RULES_OF_PAGE)
          .map((entry, i) => ruleCard(entry, start + i, { open, all: whole, lookUp }).toString())
          .join("\n");
  for (const list of results.querySelectorAll<HTMLDetailsElement>("details[data-list][open]")) fill(list);
  pages.hidden = last === 0;
  pages.innerHTML =
    markup`<button type="button" data-page="${page - 1}"${page === 0 && markup` disabled`}>Previous</button>
<span>Page ${page + 1} of ${last + 1}</span>
<button type="button" data-page="${page + 1}"${page === last && markup` disabled`}>Next</button>`.toString();
}

function show(next: Filter, toPage = 0): void {
  filter = next;
  page = toPage;
  found = find(filter);
  announce();
  draw();
}

function apply(): void {
  show(readForm(form));
  const hash = filterToHash(filter);
  // The address alone changes; a page in a frame or an archive may not allow that.
  try {
    history.replaceState(null, "", hash === "" ? "#" : `#${hash}`);
  } catch {
    return;
  }
}

/** A rule's place in `found`, and the state that a list or button is about. */
const placeOf = (element: HTMLElement, attribute: "list" | "more") => ({
  entry: found[Number(element.dataset[attribute])]!,
  place: Number(element.dataset[attribute]),
  state: element.dataset.state!,
});

function fill(details: HTMLDetailsElement): void {
  const list = details.querySelector("ul")!;
  if (list.childElementCount > 0) return;
  const { entry, place, state } = placeOf(details, "list");
  const { items, button } = nextItems(entry, state, 0, { place, lookUp, all: whole });
  list.innerHTML = items.toString();
  if (button) list.insertAdjacentHTML("afterend", button.toString());
}

function showMore(button: HTMLButtonElement): void {
  const { entry, place, state } = placeOf(button, "more");
  const list = button.previousElementSibling as HTMLUListElement;
  const shown = list.childElementCount;
  const next = nextItems(entry, state, shown, { place, lookUp, all: whole });
  list.insertAdjacentHTML("beforeend", next.items.toString());
  // Where the button was, the reader goes on with the first of the new ones.
  const first = list.children[shown] as HTMLElement;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  button.outerHTML = next.button?.toString() ?? "";
}

function showRule(id: string): void {
  writeForm(form, { ...EVERYTHING, rule: id }, judged.rules);
  apply();
  const heading = results.querySelector<HTMLElement>("h3");
  (heading ?? byId("explorer-title")).focus();
  (heading ?? explorer).scrollIntoView({ block: "start" });
}

let typing: number | undefined;
form.addEventListener("input", ({ target }) => {
  clearTimeout(typing);
  if (target === printShown) return;
  if ((target as Element).id === "filter-framework") offerControls(form, judged.rules);
  if (target instanceof HTMLInputElement && target.type === "search")
    typing = window.setTimeout(apply, TYPING_MS);
  else apply();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  apply();
});
form.addEventListener("reset", (event) => {
  event.preventDefault();
  writeForm(form, EVERYTHING, judged.rules);
  apply();
});
results.addEventListener(
  "toggle",
  ({ target }) => {
    const details = target as HTMLDetailsElement;
    if (details.open && details.dataset.list !== undefined) fill(details);
  },
  true,
);
document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const more = target.closest<HTMLButtonElement>("button[data-more]");
  if (more) return showMore(more);
  const link = target.closest<HTMLAnchorElement>("a[data-rule]");
  if (link) {
    event.preventDefault();
    return showRule(link.dataset.rule!);
  }
  const turn = target.closest<HTMLButtonElement>("button[data-page]");
  if (turn) {
    page = Number(turn.dataset.page);
    draw();
    byId("explorer-title").focus();
    explorer.scrollIntoView();
  }
});
printShown.addEventListener("change", () => {
  document.documentElement.classList.toggle("print-shown", printShown.checked);
});
let openedForPaper: HTMLDetailsElement[] = [];
window.addEventListener("beforeprint", () => {
  if (printShown.checked) {
    whole = true;
    draw();
  }
  // For browsers whose style sheets cannot reach into what is closed.
  openedForPaper = [...document.querySelectorAll<HTMLDetailsElement>(".rule details:not([open])")];
  for (const details of openedForPaper) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of openedForPaper) details.open = false;
  if (!whole) return;
  whole = false;
  draw();
});
window.addEventListener("hashchange", () => {
  const next = filterFromHash(location.hash);
  writeForm(form, next, judged.rules);
  show(readForm(form));
});

writeForm(form, filterFromHash(location.hash), judged.rules);
show(readForm(form));
document.documentElement.classList.add("script");
explorer.hidden = false;
// On a narrow screen the filters would be all that one sees.
if (matchMedia("(max-width: 56rem)").matches) explorer.querySelector("details")!.open = false;
