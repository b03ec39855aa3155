import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sandboxObstacle } from '../sandbox/sandbox.ts';
import { root } from './hostwright.ts';
import { type ImageHosts, startImageHosts } from './image-hosts.ts';
import type { Bench, Findings, Measurement, Part } from './part.ts';
import { mustRun } from './run-program.ts';
import { sizeText } from './sizes.ts';
import { digits, median, ratio, spread } from './statistics.ts';

const name = 'base.img';
const onHosts = `/srv/images/${name}`;

/** One file on many hosts: from the controller to each, and passed on by the hosts. */
export const image: Part = {
  name: 'image',
  title: 'One large file on many hosts, by the module copy and by the role image-distribution',
  measure: measureImage,
};

interface Way {
  readonly plain: readonly number[];
  readonly role: readonly number[];
  /** How often the source sent the image, of the last run. */
  readonly sent: number;
}

async function measureImage(bench: Bench): Promise<Findings> {
  const why = sandboxObstacle();
  if (why !== undefined) throw new Error(why);
  const { bytes, rate } = bench.quick ? { bytes: 2 ** 23, rate: 0 } : bench.image;
  const sizes = bench.hosts ?? (bench.quick ? [2] : [20]);
  const most = Math.max(...sizes);
  requireRoom(bench.folder, bytes * (most + 1));
  const hosts = await startImageHosts(bench, most, rate);
  await pipeline(Readable.from(noise(bytes)), createWriteStream(join(hosts.folderOf(0), name)));
  const found = new Map<number, Way>();
  for (const size of sizes) found.set(size, await measureSize(bench, hosts, { size, bytes, rate }));
  const measurements = [...found].flatMap(([size, { plain, role }]): readonly Measurement[] => [
    { who: 'copy', what: sizeText(bytes), hosts: size, seconds: plain },
    { who: 'image-distribution', what: sizeText(bytes), hosts: size, seconds: role },
  ]);
  const pace = rate === 0 ? 'without a limit' : `${sizeText(rate)} a second from each host, and from the controller`;
  return {
    measurements,
    tables: [
      {
        title: `${sizeText(bytes)}, ${pace}`,
        head: ['hosts', 'copy', 'image-distribution', 'copy to role', 'sent by the source'],
        rows: [...found].map(([size, { plain, role, sent }]) => [
          ...[String(size), spread(plain), spread(role), `${digits(ratio(plain, role))}×`, `${sent.toFixed(1)} images`],
        ]),
      },
    ],
    targets: [],
    notes: [
      'Hosts are sandboxes of one machine, which share its processors and one disk: all that is written goes there, whoever sent it, and there is no network to be slow. With a rate it shows how time grows with hosts.',
      'The role also hashes the image on the source and on every host; the module does on the controller and on every host.',
    ],
  };
}

function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const wanted = bytes * 1.1 + 2 ** 30;
  if (bavail * bsize >= wanted) return;
  throw new Error(
    `${digits(wanted / 2 ** 30)} GiB are needed below ${folder}: choose a smaller --size or fewer --hosts.`,
  );
}

/** Bytes that nothing makes smaller. */
function* noise(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= 2 ** 20) yield randomBytes(Math.min(left, 2 ** 20));
}

interface Task {
  readonly size: number;
  readonly bytes: number;
  readonly rate: number;
}

async function measureSize(bench: Bench, hosts: ImageHosts, task: Task): Promise<Way> {
  const { bytes, rate, size } = task;
  const chunk = Math.max(2 ** 16, Math.min(2 ** 26, Math.floor(bytes / 8 / 2 ** 16) * 2 ** 16));
  const source = join(hosts.folderOf(0), name);
  const copy = [{ hosts: 'all:!h0', tasks: [{ name: 'The image is there', copy: { src: source, dest: onHosts } }] }];
  const call = { role: 'image-distribution', source: 'h0', src: onHosts, chunk_size: chunk, limit: rate };
  const role = [{ hosts: 'all', roles: [{ ...call, authorized_keys: '/etc/lab/keys' }] }];
  const plain: number[] = [];
  const passed: number[] = [];
  let sent = 0;
  for (let at = 0; at < (bytes >= 2 ** 28 ? 1 : bench.repeats); at += 1) {
    plain.push((await distribute(bench, hosts, { size, play: copy, inventory: hosts.slow })).seconds);
    bench.say(`${size} hosts, copy: ${digits(plain.at(-1)!)} s`);
    const run = await distribute(bench, hosts, { size, play: role, inventory: hosts.inventory });
    passed.push(run.seconds);
    sent = run.chunks / Math.ceil(bytes / chunk);
    bench.say(`${size} hosts, image-distribution: ${digits(median(passed))} s`);
  }
  return { plain, role: passed, sent };
}

interface Work {
  readonly size: number;
  readonly play: object;
  readonly inventory: string;
}

/**
 * Seconds of a run that brings the image to the first hosts, and how many chunks came from the
 * source.
 */
async function distribute(
  { folder, hostwright, signal }: Bench,
  hosts: ImageHosts,
  { inventory, play, size }: Work,
): Promise<{ readonly seconds: number; readonly chunks: number }> {
  const others = Array.from({ length: size }, (_, index) => index + 1);
  const paths = others.map(index => join(hosts.folderOf(index), name));
  for (const path of paths) rmSync(path, { force: true });
  spawnSync('sync');
  const playbook = join(folder, 'site.yml');
  writeFileSync(playbook, JSON.stringify(play)); // YAML has all of JSON in it
  const report = join(folder, 'report.jsonl');
  const limit = ['h0', ...others.map(index => `h${index}`)].join(',');
  const words = [
    'play',
    playbook,
    '-i',
    inventory,
    '-l',
    limit,
    '--roles-path',
    join(root, 'roles'),
    '--report',
    report,
  ];
  const { seconds } = await mustRun({ command: [...hostwright, ...words], cwd: folder, folder, signal });
  const same = paths.every(path => spawnSync('cmp', ['-s', join(hosts.folderOf(0), name), path]).status === 0);
  if (!same) throw new Error('a host has another image than the source');
  return { seconds, chunks: chunksFrom(report) };
}

/** How many chunks hosts fetched from the source, by the events of a run. */
function chunksFrom(report: string): number {
  const events = readFileSync(report, 'utf8').trim().split('\n');
  return events
    .map(line => JSON.parse(line) as { result?: { fields?: { from?: Readonly<Record<string, number>> } } })
    .reduce((all, { result }) => all + (result?.fields?.from?.h0 ?? 0), 0);
}
