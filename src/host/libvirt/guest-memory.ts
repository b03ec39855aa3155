import { parseCpuList } from '../cpu/cpu-list.ts';
import { bytesOf } from './memory-size.ts';
import { at, attribute, child, children, type Element } from './xml.ts';

/** Memory of a guest that is made of one kind of pages. */
export interface Share {
  /** Bytes of a huge page; undefined for plain memory. */
  readonly pageSize: number | undefined;
  /** Whole pages. */
  readonly bytes: number;
}

/** A NUMA cell as the guest sees it. */
export interface Cell {
  readonly id: number;
  readonly bytes: number;
}

/** The cells of a guest; one that sees none has a single cell of all its memory. */
export function cellsOf(domain: Element): readonly Cell[] {
  const numa = at(domain, 'cpu', 'numa');
  const cells = numa ? children(numa, 'cell') : [];
  if (cells.length === 0) return [{ id: 0, bytes: bytesOf(child(domain, 'memory')) ?? 0 }];
  return cells.map((cell, index) => ({ id: Number(attribute(cell, 'id') ?? index), bytes: bytesOf(cell) ?? 0 }));
}

/**
 * The memory of a guest by pages. Pages of the host's default size, which the definition does not
 * name, count as plain memory.
 */
export function sharesOf(domain: Element): readonly Share[] {
  const shares = new Map<number | undefined, number>();
  for (const { id, bytes } of cellsOf(domain)) {
    const size = pageSizeOf(domain, id);
    const whole = size === undefined ? bytes : Math.ceil(bytes / size) * size;
    shares.set(size, (shares.get(size) ?? 0) + whole);
  }
  return [...shares].map(([pageSize, bytes]) => ({ pageSize, bytes }));
}

/** The size of the huge pages below a cell: an entry that names it comes before one for all. */
function pageSizeOf(domain: Element, cell: number): number | undefined {
  const list = at(domain, 'memoryBacking', 'hugepages');
  const pages = list ? children(list, 'page') : [];
  const named = pages.find(page => parseCpuList(attribute(page, 'nodeset') ?? '')?.includes(cell));
  return bytesOf(named ?? pages.find(page => attribute(page, 'nodeset') === undefined));
}

/**
 * The nodes of the host that the memory of a guest has to come from; undefined where it may come
 * from any.
 */
export function boundNodesOf(domain: Element): readonly number[] | undefined {
  const memory = at(domain, 'numatune', 'memory');
  const nodes = parseCpuList(attribute(memory, 'nodeset') ?? '');
  const bound = (attribute(memory, 'mode') ?? 'strict') !== 'preferred';
  return bound && nodes && nodes.length > 0 ? nodes : undefined;
}
