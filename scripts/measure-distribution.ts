import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { play } from '../test/run/engine.ts';
import { makeFleet } from '../test/sandbox/fleet.ts';

/**
 * Measures the role image-distribution against plain copies: node scripts/measure-distribution.ts [HOSTS…]. The hosts are sandboxes of this machine; what
 * stands for their network is a limit on what each host may send. Plain copies go from the source to all hosts at once, and share its limit.
 */
const sizes = process.argv.slice(2).map(Number);
const image = '/srv/images/base.img';
const mebibytes = 8;
const limit = 2 ** 19;

console.log(
  `${mebibytes} MiB, ${limit / 2 ** 20} MiB/s for each host\n\n| hosts | plain copy | image-distribution | sent by the source |\n|---|---|---|---|`,
);
for (const size of sizes.length > 0 ? sizes : [2, 4, 8, 16, 32]) await measure(size);

/** The source and that many others. */
async function measure(size: number): Promise<void> {
  const fleet = await makeFleet(size + 1);
  try {
    const [source, ...others] = fleet.hosts;
    source!.run(`head -c ${mebibytes}M /dev/urandom >${image}`);
    const plain = await timed(async () => {
      await Promise.all(
        others.map(async host => {
          const rate = Math.floor(limit / size);
          const from = spawn(source!.enter[0]!, [...source!.enter.slice(1), 'sh', '-c', paced(rate)]);
          const to = spawn(host.enter[0]!, [...host.enter.slice(1), 'sh', '-c', `cat >${image}`], {
            stdio: [from.stdout, 'ignore', 'inherit'],
          });
          await once(to, 'exit');
        }),
      );
    });
    for (const host of others) host.run(`rm ${image}`);
    const role = {
      ...{ role: 'image-distribution', source: 'h0', src: image, chunk_size: '1M', limit },
      authorized_keys: '/etc/lab/keys',
    };
    const marks = new Map<string, number>();
    const run = await play(JSON.stringify([{ hosts: 'all', roles: [role] }]), {
      inventory: [fleet.inventory],
      connection: 'ssh',
      onEvent: event => {
        if (event.type === 'task.started' && !marks.has(event.task.name)) marks.set(event.task.name, Date.now());
        if (event.type === 'task.finished') marks.set(`${event.task.name} ended`, Date.now());
      },
    });
    if (run.exitCode !== 0) throw new Error(run.story.join('\n'));
    const fetched = Object.values(run.results('The image is there')).map(
      ({ fields }) => fields.from as Record<string, number>,
    );
    const sent = fetched.reduce((all, { h0 = 0 }) => all + h0, 0) / mebibytes;
    const seconds = ((marks.get('The image is there ended') ?? 0) - (marks.get('The image is there') ?? 0)) / 1000;
    console.log(`| ${size} | ${plain.toFixed(0)} s | ${seconds.toFixed(0)} s | ${sent.toFixed(1)} images |`);
    if (process.env.VERBOSE)
      console.log([...marks].map(([name, at]) => `${at - [...marks.values()][0]!} ${name}`).join('\n'));
  } finally {
    await fleet.remove();
  }
}

/** Shell text that writes the image at a rate, in bytes a second. */
function paced(rate: number): string {
  return `i=0; while [ $i -lt ${Math.ceil((mebibytes * 2 ** 20) / rate)} ]; do dd if=${image} bs=${rate} skip=$i count=1 2>/dev/null; i=$((i + 1)); sleep 1; done`;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = Date.now();
  await work();
  return (Date.now() - began) / 1000;
}
