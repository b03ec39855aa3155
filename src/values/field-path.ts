/** A part of a variable that an expression or template uses: `disk.size`. */
export interface FieldPath {
  readonly name: string;
  readonly fields: readonly string[];
  /** Characters before it in the text. */
  readonly offset: number;
  /** True where it is only asked for: in `has(…)`, or as the argument of a `default`. */
  readonly asked: boolean;
}
