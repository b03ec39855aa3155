/** The two machines a lab can be: `small` for most tests, `numa` for pinning and hugepages. */
export type Shape = 'small' | 'numa';

export const shapes: Shape[] = ['small', 'numa'];

/** QEMU's arguments for processors and memory. */
export function shapeArguments(shape: Shape): string[] {
  if (shape === 'small') return ['-smp', '2', '-m', '6144'];
  return [
    ...['-smp', '8,sockets=2,cores=2,threads=2', '-m', '8192'],
    ...['-object', 'memory-backend-ram,id=node0,size=4G', '-numa', 'node,nodeid=0,cpus=0-3,memdev=node0'],
    ...['-object', 'memory-backend-ram,id=node1,size=4G', '-numa', 'node,nodeid=1,cpus=4-7,memdev=node1'],
  ];
}
