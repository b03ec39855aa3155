import type { FactGroup } from '../../facts/fact.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Catalogue } from '../catalogue.ts';

export interface PreflightOptions {
  readonly inventory: Inventory;
  readonly catalogue: Catalogue;
  readonly check: boolean;
  /** The facts that there are: those that ship, unless a test has others. */
  readonly facts?: readonly FactGroup[];
}
