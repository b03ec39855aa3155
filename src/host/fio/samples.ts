import { certain } from '../../errors.ts';
import { CannotTell } from '../../shell/answer.ts';

/** What one direction of one run came to. */
export interface Sample {
  /** Bytes a second. */
  readonly bandwidth: number;
  /** Requests a second. */
  readonly iops: number;
  /** Microseconds within which 99 of 100 requests were completed. */
  readonly p99: number;
}

/** The mean of several samples, and how far they are from it. */
export interface Measured {
  readonly bandwidth_mean: number;
  readonly bandwidth_deviation: number;
  readonly iops_mean: number;
  readonly iops_deviation: number;
  readonly p99_mean: number;
  readonly samples: readonly Sample[];
}

/** What stands before each run's output. */
export const sampleMark = '=== sample';

/**
 * The runs that fio printed as JSON, one after another; a direction without requests is left out.
 * @throws CannotTell for output that is none.
 */
export function measure(stdout: string): { readonly read?: Measured; readonly write?: Measured } {
  const runs = stdout
    .split(`${sampleMark}\n`)
    .filter(text => text.trim() !== '')
    .map(parse);
  const side = (name: 'read' | 'write') => {
    const samples = runs.flatMap(run => (run[name].total_ios > 0 ? [sampleOf(run[name])] : []));
    return samples.length === 0 ? undefined : summarize(samples);
  };
  const [read, write] = [side('read'), side('write')];
  return { ...(read && { read }), ...(write && { write }) };
}

/**
 * A measurement for people: `read 850.3 MiB/s ± 1.2 %, 850 requests/s ± 1.2 %, 99 % within 9310
 * µs`.
 */
export function tell(direction: string, { bandwidth_mean, bandwidth_deviation, iops_mean, ...more }: Measured): string {
  const share = (part: number, whole: number) => `± ${whole > 0 ? ((part / whole) * 100).toFixed(1) : '0.0'} %`;
  return [
    `${direction} ${(bandwidth_mean / 2 ** 20).toFixed(1)} MiB/s ${share(bandwidth_deviation, bandwidth_mean)}`,
    `${Math.round(iops_mean)} requests/s ${share(more.iops_deviation, iops_mean)}`,
    `99 % within ${Math.round(more.p99_mean)} µs`,
  ].join(', ');
}

function summarize(samples: readonly Sample[]): Measured {
  const of = (key: keyof Sample) => samples.map(sample => sample[key]);
  return {
    bandwidth_mean: mean(of('bandwidth')),
    bandwidth_deviation: deviation(of('bandwidth')),
    iops_mean: mean(of('iops')),
    iops_deviation: deviation(of('iops')),
    p99_mean: mean(of('p99')),
    samples,
  };
}

function mean(values: readonly number[]): number {
  return round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** The standard deviation of a sample (n - 1); 0 for a single one. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return round(Math.sqrt(squares / (values.length - 1)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

interface Side {
  readonly total_ios: number;
  readonly bw_bytes: number;
  readonly iops: number;
  readonly clat_ns: { readonly percentile?: Readonly<Record<string, number>> };
}

function sampleOf({ bw_bytes, iops, clat_ns }: Side): Sample {
  return { bandwidth: bw_bytes, iops: round(iops), p99: round((clat_ns.percentile?.['99.000000'] ?? 0) / 1000) };
}

/** Notes may stand before the JSON. */
function parse(text: string): { readonly read: Side; readonly write: Side } {
  try {
    const { jobs } = JSON.parse(text.slice(text.indexOf('{'))) as { jobs: { read: Side; write: Side }[] };
    return certain(jobs[0], 'the job');
  } catch {
    throw new CannotTell(`fio printed no result: ${text.slice(0, 300)}`);
  }
}
