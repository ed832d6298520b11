import { join } from "node:path";
import { build } from "esbuild";
import { chromium, type Browser } from "playwright-core";
import { projectRoot } from "../../toolchain/paths";
import { ensureChromium } from "../../test/support/chromium";
import { WIDTH, pageOf, type PageSpec } from "./page";

/** Draws pages in Debian's browser. */
export class PictureMaker {
  private constructor(
    private readonly browser: Browser,
    private readonly script: string,
    private readonly style: string,
  ) {}

  static async start(): Promise<PictureMaker> {
    const entry = join(__dirname, "draw-plots.js");
    const bundle = await build({ entryPoints: [entry], bundle: true, format: "iife", write: false });
    const styles = join(projectRoot, "node_modules/uplot/dist/uPlot.min.css");
    const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ["--no-sandbox"] });
    return new PictureMaker(browser, bundle.outputFiles[0]!.text, styles);
  }

  /** Writes a PNG. */
  async draw(page: PageSpec, file: string): Promise<void> {
    const { html, plots } = pageOf(page);
    const tab = await this.browser.newPage({
      viewport: { width: WIDTH + 24, height: 600 },
      timezoneId: "UTC",
    });
    try {
      await tab.setContent(html);
      await tab.addStyleTag({ path: this.style });
      await tab.addScriptTag({ content: this.script });
      await tab.evaluate(`drawPlots(${JSON.stringify(plots)})`);
      await tab.screenshot({ path: file, fullPage: true });
    } finally {
      await tab.close();
    }
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
