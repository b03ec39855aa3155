import { change, ok, refuse } from '../../decision.ts';
import { entryAt } from '../../host/file/entry.ts';
import { hashChunks, manifestOf } from '../../host/image/hash.ts';
import { block, manifestPath } from '../../host/image/place.ts';
import { usersOf } from '../../host/image/users.ts';
import { formatSize } from '../../host/size.ts';
import { all, within } from '../../shell/look.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

/** The hashes of an image and of its chunks. */
export const imageManifest = defineModule({
  name: 'image_manifest',
  summary: 'The hashes of an image and of its chunks, kept until the image changes.',
  description: `Hashes the image as a whole and in chunks, in one reading, and keeps the result
below /var/cache/hostwright with the size, inode and time of the image: while these stay, it is not
read again. Chunks of zeros are marked. An image that is open for writing, or that a running guest
may write to, is refused.`,
  args,
  returns,
  examples,
  problems: ({ chunk_size }) => chunkProblems(chunk_size),
  look: ({ path, uri }) =>
    within(120, all({ entry: entryAt(path, { follow: true }), users: usersOf(path, uri), manifest: manifestOf(path) })),
  decide(args, { entry, manifest, users: { locked, writers } }) {
    const { path } = args;
    if (entry?.kind !== 'file')
      return refuse(
        entry ? `${path} is a ${entry.kind}, not a file` : `there is no image ${path}`,
        'Name the file on the host that has it. A volume is brought into a file first: qemu-img convert.',
        { needs: [{ kind: 'path', name: path }] },
      );
    if (locked || writers.length > 0) {
      const by = writers.length > 0 ? `${writers.join(', ')} may write to it` : 'a program has it open for writing';
      return refuse(
        `${path} is in use: ${by}`,
        'A copy of it would be torn. Shut the guest down, or distribute a copy that is not written to.',
      );
    }
    const chunkSize = args.chunk_size;
    if (manifest?.chunkSize !== chunkSize)
      return change(manifest ? 'is hashed in chunks of another size' : 'is not hashed yet, or has changed since', {
        diff: [
          {
            subject: manifestPath(path),
            before: '',
            after: `hashes of ${path} in chunks of ${formatSize(chunkSize)}\n`,
          },
        ],
        apply: script({ hash: hashChunks(path, chunkSize) }, { limit: 14_400 }),
      });
    if (args.sha256 !== undefined && args.sha256 !== manifest.sha256)
      return refuse(
        `${path} hashes to ${manifest.sha256}, not to ${args.sha256}`,
        'It is another image, or a damaged one. Correct sha256, or put the right image there.',
      );
    const { hash, sha256, size, chunks, full } = manifest;
    return ok('its hashes are known', {
      result: { size, sha256, chunk_size: chunkSize, chunks, bytes: Math.min(size, full * chunkSize), manifest: hash },
    });
  },
});

/** What is wrong with a size of chunks. */
export function chunkProblems(bytes: number): readonly { argument: string; message: string }[] {
  if (bytes >= block && bytes <= 2 ** 30 && bytes % block === 0) return [];
  return [{ argument: 'chunk_size', message: 'must be a multiple of 64 KiB up to 1 GiB' }];
}
