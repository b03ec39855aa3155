import { cutTo, widthOf } from './text-width.ts';

/**
 * A terminal with a block of lines at its end that is drawn again and again; all else that is
 * written goes above it and stays.
 */
export interface Screen {
  /** Writes lines above the block. */
  readonly print: (text: string) => void;
  /** Draws the block in the place of the one before; lines are cut at the width of the terminal. */
  readonly draw: (lines: readonly string[]) => void;
  /** Takes the block away. */
  readonly clear: () => void;
}

/** @param columns how wide the terminal is now */
export function createScreen(write: (text: string) => void, columns: () => number): Screen {
  let block: readonly string[] = [];
  function erase(): string {
    // A terminal that has become narrower has broken the lines of the block.
    const rows = block.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns())), 0);
    // What was typed, such as ^C, stands below the block: from the first column on.
    return rows === 0 ? '' : `\r\u001b[${rows}A\u001b[J`;
  }
  function show(): string {
    return block.map(line => `${line}\n`).join('');
  }
  function draw(lines: readonly string[]): void {
    const next = lines.map(line => cutTo(columns() - 1, line));
    if (next.join('\n') === block.join('\n')) return;
    const erased = erase();
    block = next;
    write(erased + show());
  }
  return {
    draw,
    print: text => {
      if (text !== '') write(erase() + text + show());
    },
    clear: () => draw([]),
  };
}
