import type { Severity } from "@pulumi/policy";
import { markup } from "../../markup";
import { compareNumbered } from "../../order";
import type { FindingState, ReportedRule } from "../../../report";
import { frameworkName, WORDS, type Filter } from "../filter";

type Field = HTMLInputElement | HTMLSelectElement;

const checked = <T extends string>(form: HTMLFormElement, name: string): T[] =>
  [...form.querySelectorAll<HTMLInputElement>(`input[name=${name}]:checked`)].map(({ value }) => value as T);

const field = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as Field;

export function readForm(form: HTMLFormElement): Filter {
  return {
    states: checked<FindingState>(form, "states"),
    severities: checked<Severity>(form, "severities"),
    ...(Object.fromEntries(WORDS.map((name) => [name, field(form, name).value])) as Record<
      (typeof WORDS)[number],
      string
    >),
  };
}

export function writeForm(form: HTMLFormElement, filter: Filter, rules: readonly ReportedRule[]): void {
  for (const name of ["states", "severities"] as const) {
    const wanted: readonly string[] = filter[name];
    for (const box of form.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)) {
      box.checked = wanted.includes(box.value);
    }
  }
  field(form, "framework").value = filter.framework;
  offerControls(form, rules);
  for (const name of WORDS) {
    const input = field(form, name);
    input.value = filter[name];
    // A select knows no other values than its options, and then has none at all.
    if (input instanceof HTMLSelectElement && input.selectedIndex < 0) input.value = "";
  }
}

/** The controls of the framework that is chosen; without one their numbers would say nothing. */
export function offerControls(form: HTMLFormElement, rules: readonly ReportedRule[]): void {
  const chosen = field(form, "framework").value;
  const select = field(form, "control") as HTMLSelectElement;
  const before = select.value;
  const titles = new Map(
    rules
      .flatMap(({ controls }) => controls)
      .filter((control) => frameworkName(control) === chosen)
      .map(({ id, title }) => [id, title] as const),
  );
  const options = [...titles].sort(([a], [b]) => compareNumbered(a, b));
  select.innerHTML = markup`<option value="">All controls</option>${options.map(
    ([id, title]) => markup`<option value="${id}">${id === title ? id : `${id}: ${title}`}</option>`,
  )}`.toString();
  select.value = titles.has(before) ? before : "";
  select.disabled = chosen === "";
}
