/** Something that the domain cannot have, and what to do about it. */
export interface Illegal {
  readonly message: string;
  readonly advice: string;
}
