/*! Lucide 1.65.0, minimize-2. ISC licence: see LICENSE in this folder. Written by `npm run icons`. */
import type { IconNode } from '../icons.js';

export const Minimize2: IconNode = {
  name: 'minimize-2',
  shapes: [
    ['path', { d: 'm14 10 7-7' }],
    ['path', { d: 'M20 10h-6V4' }],
    ['path', { d: 'm3 21 7-7' }],
    ['path', { d: 'M4 14h6v6' }],
  ],
};
