/**
 * The machines that a lab can be: `small` for most tests; `nodes` with memory on two nodes; `numa`
 * with cores and threads, too. An emulated processor more makes all of them slower, and two labs of
 * one processor each run as fast as one of two.
 */
export type Shape = 'small' | 'nodes' | 'numa';

export const shapes: Shape[] = ['small', 'nodes', 'numa'];

/** QEMU's arguments for processors and memory. */
export function shapeArguments(shape: Shape): string[] {
  if (shape === 'small') return ['-smp', '1', '-m', '6144'];
  const smp = { nodes: '2,sockets=2,cores=1,threads=1', numa: '8,sockets=2,cores=2,threads=2' }[shape];
  const cpus = { nodes: ['0', '1'], numa: ['0-3', '4-7'] }[shape];
  const nodes = cpus.flatMap((list, node) => [
    ...['-object', `memory-backend-ram,id=node${node},size=4G`],
    ...['-numa', `node,nodeid=${node},cpus=${list},memdev=node${node}`],
  ]);
  return ['-smp', smp, '-m', '8192', ...nodes];
}
