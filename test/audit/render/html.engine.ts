import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { renderHtml } from "../../../audit/render";
import { shownText } from "../../../audit/render/text";
import type { AuditReport } from "../../../audit/report";
import { ensureChromium } from "../../support/chromium";
import { HOSTILE, largeReport, reportNaming, reportOf, SAMPLE } from "./support/report";

const AXE = readFileSync(createRequire(__filename).resolve("axe-core/axe.min.js"), "utf8");
/** 5,000 resources with 20 findings each. */
const LARGE = largeReport(5000, 150);
const TENTH = largeReport(500, 150);
/** Ten times as much takes less than ten times as long, since a page costs something by itself; with room for a slow moment. */
const GROWTH = 12;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

describe("the HTML report in a browser", () => {
  let folder: string;
  let browser: Browser;
  const problems: string[] = [];
  const rendered = new WeakMap<AuditReport, string>();

  before(async function () {
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), "slipway-report-"));
    browser = await chromium.launch({ executablePath: await ensureChromium(), args: ["--no-sandbox"] });
  });

  after(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(() => problems.splice(0));

  afterEach(async function () {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
    if (this.currentTest!.state === "passed") assert.deepEqual(problems, []);
  });

  async function open(report: AuditReport, options: BrowserContextOptions = {}, hash = ""): Promise<Page> {
    const file = join(folder, "report.html");
    // The large one takes seconds.
    const html = rendered.get(report) ?? renderHtml(report);
    rendered.set(report, html);
    writeFileSync(file, html);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) problems.push(`asks for ${request.url()}`);
    });
    await page.goto(`${pathToFileURL(file)}${hash}`);
    return page;
  }

  const status = (page: Page) => page.getByRole("status").textContent();
  const cards = (page: Page) => page.locator("#results h3").allTextContents();

  /** What axe-core has against the page by WCAG 2.2 AA and its good practice. */
  async function violations(page: Page): Promise<string[]> {
    // In a world of its own, which the page's policy does not reach.
    await page.evaluate(AXE);
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = (await page.evaluate(
      `axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(tags)} } }).then((r) => r.violations)`,
    )) as Violation[];
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary}`);
  }

  describe("for everyone (axe-core, WCAG 2.2 AA)", () => {
    for (const colorScheme of ["light", "dark"] as const) {
      it(`has nothing against it, all parts open (${colorScheme})`, async () => {
        const page = await open(SAMPLE, { colorScheme });
        await page.evaluate(`document.querySelectorAll("details").forEach((one) => (one.open = true))`);
        assert.deepEqual(await violations(page), []);
      });
    }

    it("has nothing against it on a narrow screen, where nothing scrolls sideways", async () => {
      const page = await open(SAMPLE, { viewport: { width: 320, height: 700 } });
      assert.equal(await page.locator("details.filters").getAttribute("open"), null);
      await page.getByText("Filters", { exact: true }).click();
      assert.deepEqual(await violations(page), []);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320);
    });

    it("has nothing against it with pages of rules and more to show", async () => {
      const page = await open(largeReport(30, 21));
      assert.equal(await page.locator("#pages").isVisible(), true);
      assert.ok((await page.locator("#results button").count()) > 0, "there is more to show");
      assert.deepEqual(await violations(page), []);
    });

    it("has nothing against it without its script", async () => {
      const page = await open({ ...SAMPLE, findings: SAMPLE.findings.slice(0, 5) }, {});
      await page.evaluate(`document.documentElement.classList.remove("script"); explorer.hidden = true`);
      assert.deepEqual(await violations(page), []);
    });
  });

  describe("filters", () => {
    it("shows everything at first, worst first, and says how much it is", async () => {
      const page = await open(SAMPLE);
      assert.equal(await status(page), "All 7 findings of 5 rules, worst first");
      assert.deepEqual(await cards(page), [
        "Containers are not privileged",
        "Containers have a memory limit",
        "Namespaces deny by default",
        "Pods share no namespace of the node",
        "Services open no port of the nodes",
      ]);
    });

    it("finds by state, severity, framework, control, component, rule, resource and words", async () => {
      const page = await open(SAMPLE);
      const form = page.getByRole("search");
      const clear = form.getByRole("button", { name: "Clear filters" });
      const field = (label: string) => form.getByLabel(label, { exact: true });
      await page.getByLabel("Waived", { exact: false }).check();
      assert.equal(await status(page), "1 finding of 7, of 1 rule, worst first");
      await page.getByLabel("critical").check();
      assert.equal(await status(page), "0 findings of 7, of 0 rules, worst first");
      assert.equal(await page.locator("#results").innerText(), "Nothing is found with these filters.");
      await clear.click();
      assert.equal(await status(page), "All 7 findings of 5 rules, worst first");

      assert.ok(await field("Control").isDisabled());
      await field("Framework").selectOption("CIS Kubernetes Benchmark 2.0.1");
      assert.equal(await status(page), "5 findings of 7, of 3 rules, worst first");
      await field("Control").selectOption("5.3.2");
      assert.deepEqual(await cards(page), ["Services open no port of the nodes"]);
      await clear.click();

      await field("Component").selectOption("(none)");
      assert.equal(await status(page), "2 findings of 7, of 2 rules, worst first");
      await clear.click();
      await field("Rule").selectOption("namespace-default-deny");
      assert.deepEqual(await cards(page), ["Namespaces deny by default"]);
      await clear.click();
      await form.getByLabel("Resource").fill("core/v1:Service");
      await page.locator("#results h3").nth(1).waitFor({ state: "detached" });
      assert.deepEqual(await cards(page), ["Services open no port of the nodes"]);
      await clear.click();
      await field("Search").fill("OPS-17 memory");
      await page.locator("#results h3").nth(1).waitFor({ state: "detached" });
      assert.equal(await status(page), "1 finding of 7, of 1 rule, worst first");
      assert.equal(await page.locator("#applied").textContent(), "Filtered by text: OPS-17 memory.");
    });

    it("keeps them in the address, by which others see the same", async () => {
      const page = await open(SAMPLE);
      await page.getByLabel("Failed", { exact: false }).check();
      await page.getByLabel("critical").check();
      const { hash } = new URL(page.url());
      assert.equal(hash, "#states=fail&severities=critical");
      const other = await open(SAMPLE, {}, hash);
      assert.equal(await status(other), "1 finding of 7, of 1 rule, worst first");
      assert.ok(await other.getByLabel("critical").isChecked());
    });

    it("goes from a framework's control to its rule", async () => {
      const page = await open(SAMPLE);
      await page.locator(".frameworks summary").last().click();
      await page.getByRole("link", { name: "service-node-port" }).click();
      assert.deepEqual(await cards(page), ["Services open no port of the nodes"]);
      assert.equal(
        await page.evaluate("document.activeElement.textContent"),
        "Services open no port of the nodes",
      );
    });

    it("lists what passed or does not apply when it is opened, or all that is asked for", async () => {
      const page = await open(SAMPLE);
      await page.locator("#results").getByText("Not applicable (1)").click();
      assert.match(
        await page.locator("details.list[open] li").innerText(),
        /^fraud kubernetes:core\/v1:Service in slipway:index:InferenceService fraud: The service is of type ExternalName\.$/,
      );
      await page.getByLabel("Passed", { exact: false }).check();
      assert.equal(await page.locator("details.list[open] li").count(), 2);
    });
  });

  describe("by keyboard alone", () => {
    it("reaches the report and every filter, and shows where it is", async () => {
      const page = await open(SAMPLE);
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to the report");
      await page.keyboard.press("Enter");
      const reached: string[] = [];
      for (let i = 0; i < 25; i++) {
        await page.keyboard.press("Tab");
        const { id, outline } = (await page.evaluate(
          `({ id: document.activeElement.id || document.activeElement.tagName, outline: getComputedStyle(document.activeElement).outlineWidth })`,
        )) as { id: string; outline: string };
        assert.equal(outline, "3px", id);
        reached.push(id);
      }
      for (const id of ["filter-text", "states-fail", "severities-low", "filter-framework", "filter-rule"]) {
        assert.ok(reached.includes(id), `${id} is not among ${reached.join()}`);
      }
    });

    it("filters and goes on where more was shown", async () => {
      const page = await open(largeReport(300, 20));
      await page.locator("#states-fail").focus();
      await page.keyboard.press("Space");
      assert.match((await status(page))!, /^180 findings of 6,000, of \d+ rules?, worst first$/);
      const more = page.locator("#results button").first();
      const card = page.locator("#results .rule").first();
      const before = await card.locator(".finding").count();
      assert.equal(before, 10);
      await more.focus();
      await page.keyboard.press("Enter");
      const all = await card.locator(".finding").count();
      assert.ok(all > before);
      assert.equal(
        await page.evaluate("document.activeElement.textContent"),
        await card.locator(".finding").nth(before).textContent(),
      );
    });
  });

  describe("on paper", () => {
    const visible = (page: Page, selector: string) =>
      page.evaluate(
        `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.checkVisibility({ contentVisibilityAuto: true })).length`,
      );

    it("prints every finding whatever the filters, dark on white", async () => {
      const page = await open(SAMPLE, { colorScheme: "dark" });
      await page.getByLabel("Waived", { exact: false }).check();
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      assert.equal(await visible(page, ".written-out .rule, .written-out li[id]"), 5);
      assert.equal(await visible(page, ".explorer"), 0);
      assert.equal(await visible(page, ".frameworks td"), 0);
      assert.equal(await visible(page, ".on-paper tbody tr"), 3);
      assert.equal(
        await page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "rgb(255, 255, 255)",
      );
    });

    it("prints only what was found where a reader chooses so, and by which filters", async () => {
      const page = await open(SAMPLE);
      await page.getByLabel("Passed", { exact: false }).check();
      await page.getByLabel("Print only what is found").check();
      await page.evaluate(`window.dispatchEvent(new Event("beforeprint"))`);
      await page.emulateMedia({ media: "print" });
      assert.equal(await visible(page, ".written-out .rule"), 0);
      assert.equal(await visible(page, "#results .rule"), 2);
      assert.equal(await page.locator("#applied").innerText(), "Filtered by state: passed.");
      assert.equal(await page.locator("#results details:not([open])").count(), 0);
      await page.evaluate(`window.dispatchEvent(new Event("afterprint"))`);
      assert.equal(await page.locator("#results .controls[open]").count(), 0);
    });

    it("makes a document of pages", async () => {
      const page = await open(SAMPLE);
      const pdf = await page.pdf({ format: "A4" });
      const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)!.length;
      assert.ok(pages >= 2 && pages <= 6, `${pages} pages`);
    });
  });

  describe("without scripts", () => {
    it("is a document with every finding", async () => {
      const page = await open(SAMPLE, { javaScriptEnabled: false });
      assert.equal(await page.locator(".written-out .rule, .written-out li[id]").count(), 5);
      assert.ok(await page.locator("#rule-container-privileged .finding").isVisible());
      assert.ok(!(await page.locator("#explorer").isVisible()));
      await page.locator(".frameworks summary").last().click();
      await page.getByRole("link", { name: "service-node-port" }).click();
      assert.equal(new URL(page.url()).hash, "#rule-service-node-port");
    });
  });

  describe("names that would break it", () => {
    it("runs nothing and shows them", async () => {
      const names = Object.values(HOSTILE);
      const reports = names.map(reportNaming);
      const page = await open(
        reportOf({
          rules: reports[0]!.rules,
          resources: reports.flatMap(({ resources }) => resources),
          findings: reports.flatMap(({ findings }) => findings),
        }),
      );
      const more = page.locator("#results button");
      while ((await more.count()) > 0) await more.first().click();
      for (const details of await page.locator("details.list").all()) {
        await details.locator("summary").click();
        await details.locator("li").first().waitFor();
      }
      const shown = names.map((text) => shownText(text));
      for (let i = 0; i < 5; i++) {
        const card = page.locator("#results .rule").nth(i);
        assert.deepEqual(await card.locator(".name").allTextContents(), shown);
      }
      assert.equal(await page.locator("#results img, #results script, #results h1").count(), 0);
    });
  });

  describe("with 100,000 findings of 5,000 resources", () => {
    it("opens and filters in time that grows no faster than the report", async function () {
      this.timeout(120_000);
      const times = { large: [] as number[], tenth: [] as number[] };
      let page!: Page;
      // In turns, and the best of each counts: a machine may be busy.
      for (let turn = 0; turn < 3; turn++) {
        for (const [size, report] of [
          ["tenth", TENTH],
          ["large", LARGE],
        ] as const) {
          await page?.context().close();
          page = await open(report);
          times[size].push(
            (await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")) as number,
          );
        }
      }
      const [large, tenth] = [Math.min(...times.large), Math.min(...times.tenth)];
      assert.ok(large < GROWTH * tenth, `${large} ms, ${tenth} ms for a tenth`);
      assert.equal(await status(page), "All 100,000 findings of 150 rules, worst first");
      assert.equal(await page.locator("#results .rule").count(), 20);

      const took = (await page.evaluate(`(() => {
        const start = performance.now();
        document.getElementById("states-indeterminate").click();
        return performance.now() - start;
      })()`)) as number;
      assert.ok(took < large / 2, `${took} ms, ${large} ms to open it`);
      assert.match((await status(page))!, /^2,000 findings of 100,000, of \d+ rules, worst first$/);
      await page.getByRole("button", { name: "Clear filters" }).click();
      await page.getByRole("button", { name: "Next" }).click();
      assert.equal(await page.locator("#pages span").textContent(), "Page 2 of 8");
      assert.equal(await page.evaluate("document.activeElement.id"), "explorer-title");
    });
  });
});
