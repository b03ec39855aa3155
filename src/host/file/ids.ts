/** The numbers behind the names that were given. */
export interface Ids {
  readonly uid?: number;
  readonly gid?: number;
}
