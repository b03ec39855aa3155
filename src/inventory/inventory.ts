import type { Part } from '../language/source.ts';

/** Variables of a host or group from one place. */
export interface InventoryVariables {
  /** For people: `group kvm in inventory.yml`, `host_vars/hv1.yml`. */
  readonly origin: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** True for what a program printed: data, never evaluated. */
  readonly literal: boolean;
  readonly part?: Part;
}

export interface Group {
  readonly name: string;
  readonly children: readonly string[];
  readonly hosts: readonly string[];
}

export interface Host {
  readonly name: string;
  /**
   * Every group it is in, directly or through children, without `all`; in the order in which their
   * variables count.
   */
  readonly groups: readonly string[];
  /** Weakest first, in the order of {@link assemble}. */
  readonly variables: readonly InventoryVariables[];
}

/** All hosts and groups, in the order in which they were named. */
export interface Inventory {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
  /** What it was put together from; a run that brings hosts and groups begins from it. */
  readonly draft: Draft;
}

/** Variables of a file under `group_vars` or `host_vars`. */
export interface FileVariables extends InventoryVariables {
  /**
   * The place of its folder among all folders: those of inventories in their order, then those of
   * playbooks.
   */
  readonly rank: number;
}

/** A group as inventories name it. */
export interface DraftGroup {
  readonly children: Set<string>;
  readonly hosts: Set<string>;
  readonly variables: InventoryVariables[];
}

/**
 * What sources say before it is put together: the same group or host may be named in many places.
 */
export interface Draft {
  readonly groups: Map<string, DraftGroup>;
  readonly hosts: Map<string, InventoryVariables[]>;
  /** By the name of a group or host, also of one that only the run may bring. */
  readonly groupFiles: Map<string, readonly FileVariables[]>;
  readonly hostFiles: Map<string, readonly FileVariables[]>;
}

/** A draft that no source has said anything to. */
export function emptyDraft(): Draft {
  return { groups: new Map(), hosts: new Map(), groupFiles: new Map(), hostFiles: new Map() };
}

/** The group of a draft, made where it is new. */
export function draftGroup(draft: Draft, name: string): DraftGroup {
  let group = draft.groups.get(name);
  if (!group) {
    group = { children: new Set(), hosts: new Set(), variables: [] };
    draft.groups.set(name, group);
  }
  return group;
}

/** The variables of a host of a draft, made where it is new. */
export function draftHost(draft: Draft, name: string): InventoryVariables[] {
  let host = draft.hosts.get(name);
  if (!host) {
    host = [];
    draft.hosts.set(name, host);
  }
  return host;
}
