/*! Lucide 1.65.0, settings-2. ISC licence: see LICENSE in this folder. Written by `npm run icons`. */
import type { IconNode } from '../icons.js';

export const Settings2: IconNode = {
  name: 'settings-2',
  shapes: [
    ['path', { d: 'M14 17H5' }],
    ['path', { d: 'M19 7h-9' }],
    ['circle', { cx: '17', cy: '17', r: '3' }],
    ['circle', { cx: '7', cy: '7', r: '3' }],
  ],
};
