import { onDemand } from '../on-demand.ts';

const redrawMilliseconds = 200;

/**
 * Calls `draw` again and again until a play is over, with the sign that turns. The renderers of
 * listr2 hold back what is written meanwhile; this one leaves the screen to its caller.
 */
export async function turn(draw: (sign: string) => void, over: Promise<void>): Promise<void> {
  const { Listr, Spinner } = onDemand('listr2') as typeof import('listr2');
  class Turning {
    static rendererOptions = {};
    static rendererTaskOptions = {};
    static nonTTY = true;
    readonly #spinner = new Spinner();
    render(): void {
      this.#spinner.start(() => draw(this.#spinner.fetch()), redrawMilliseconds);
    }
    end(): void {
      this.#spinner.stop();
    }
  }
  const rows = [{ task: () => over }];
  await new Listr(rows, { renderer: Turning, registerSignalListeners: false, exitOnError: false }).run();
}
