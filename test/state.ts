import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What tests run is recorded in a folder of their own, not among the runs of whoever runs them.
const folder = mkdtempSync(join(tmpdir(), 'hw-state-'));
process.env.XDG_STATE_HOME = folder;
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
