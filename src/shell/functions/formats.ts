/**
 * How scripts ask stat for all that there is to know of an entry; GNU's and busybox's know all of
 * these.
 */
export const entryFormat = '%f %h %u %g %s %Y %d %i %U %G';

/** How the functions that write ask stat: how an entry is seen, what it is, and which inode. */
export const seenFormat = '%A %f:%u:%g %d:%i:%s:%Y';
