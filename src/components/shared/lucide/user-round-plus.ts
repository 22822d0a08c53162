/*! Lucide 1.65.0, user-round-plus. ISC licence: see LICENSE in this folder. Written by `npm run icons`. */
import type { IconNode } from '../icons.js';

export const UserRoundPlus: IconNode = {
  name: 'user-round-plus',
  shapes: [
    ['path', { d: 'M2 21a8 8 0 0 1 13.292-6' }],
    ['circle', { cx: '10', cy: '8', r: '5' }],
    ['path', { d: 'M19 16v6' }],
    ['path', { d: 'M22 19h-6' }],
  ],
};
