/** JSON Schema of a volume group's name, as LVM allows it. */
export const groupName = {
  type: 'string',
  pattern: '^(?![.]{1,2}$)[A-Za-z0-9+_.][A-Za-z0-9+_.-]*$',
  maxLength: 127,
} as const;

/**
 * JSON Schema of a logical volume's name; LVM keeps some names for itself (`snapshot…`, `…_tdata`).
 */
export const volumeName = {
  type: 'string',
  pattern:
    '^(?!snapshot|pvmove)(?!.*(_cdata|_cmeta|_mimage|_mlog|_rimage|_rmeta|_tdata|_tmeta|_vorigin|_vdata))' +
    '(?![.]{1,2}$)[A-Za-z0-9+_.][A-Za-z0-9+_.-]*$',
  maxLength: 127,
} as const;
