/*
 * Size of the files that browsers load (gzip). A limit is an alarm: a change that exceeds it explains why and raises it.
 * Entries without a limit are only reported. See docs/decisions/0006.
 */
import { bundleFiles } from './scripts/bundle-files.mjs';

const entry = 'src/standalone/module.ts';
const local = 'src/core/transports/local.ts';
const server = 'src/core/transports/server.ts';
const media = 'src/core/media/call-media.ts';

export default [
  {
    name: 'first load, local:',
    path: bundleFiles([entry, local]),
    limit: '100 kB',
    gzip: true,
  },
  {
    name: 'first load, with a server',
    path: bundleFiles([entry, server]),
    limit: '113 kB',
    gzip: true,
  },
  {
    name: 'media code, on demand',
    path: bundleFiles([media], [entry, local]),
    limit: '50 kB',
    gzip: true,
  },
  { name: 'ringkit.global.js', path: 'dist/ringkit.global.js', limit: '253 kB', gzip: true },
  {
    name: '<ongoing-call-view>, on demand',
    path: bundleFiles(['src/components/ongoing-call-view/ongoing-call-view.ts'], [entry, local]),
    gzip: true,
  },
];
