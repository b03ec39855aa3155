/** What is asked of an image. */
export interface ImageArguments {
  readonly path: string;
  readonly state: 'present' | 'absent';
  readonly format: 'qcow2' | 'raw';
  readonly size?: string | number | undefined;
  readonly backing?: { readonly path: string; readonly format: 'qcow2' | 'raw' } | undefined;
  readonly preallocation: 'off' | 'metadata' | 'falloc' | 'full';
  readonly cluster_size?: string | number | undefined;
  readonly extended_l2?: boolean | undefined;
  readonly grow: boolean;
  readonly protect_backing: boolean;
  readonly uri: string;
}
