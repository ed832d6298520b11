const ESC = "\u001b[";
/** The terminal's other page, so that what stood there before comes back; the cursor would only blink about. */
const ENTER = `${ESC}?1049h${ESC}?25l`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;
/** Terminals that know these show what is between them at once; the others pass over them. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;

/** A terminal, as far as a picture needs it. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

/**
 * A picture in place: each is written over the one before, line by line, without clearing the screen first, which would flicker. It is
 * drawn anew when the terminal changes its size.
 */
export class Screen {
  private readonly onResize = () => this.redraw();
  private draw: ((width: number) => readonly string[]) | undefined;

  constructor(private readonly terminal: Terminal) {
    terminal.write(ENTER);
    terminal.on("resize", this.onResize);
  }

  get width(): number {
    return this.terminal.columns || 80;
  }

  /** @param draw the lines of a picture, none wider than asked for */
  show(draw: (width: number) => readonly string[]): void {
    this.draw = draw;
    this.redraw();
  }

  /** Gives the terminal back as it was. */
  end(): void {
    this.terminal.off("resize", this.onResize);
    this.terminal.write(LEAVE);
  }

  private redraw(): void {
    if (!this.draw) return;
    const rows = this.terminal.rows || 24;
    const lines = this.draw(this.width);
    // The last lines say how it is left: they stay.
    const shown =
      lines.length <= rows
        ? lines
        : [
            ...lines.slice(0, rows - 2),
            `… ${lines.length - rows + 1} more lines: the terminal is too low`,
            lines.at(-1)!,
          ];
    // To the line's end first: in the last column, erasing after would take the last character.
    const text = shown.map((line) => `${ESC}2K${line}`).join("\r\n");
    this.terminal.write(`${BEGIN}${ESC}H${text}${ESC}0J${END}`);
  }
}
