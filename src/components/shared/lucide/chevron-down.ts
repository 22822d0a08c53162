/*! Lucide 1.65.0, chevron-down. ISC licence: see LICENSE in this folder. Written by `npm run icons`. */
import type { IconNode } from '../icons.js';

export const ChevronDown: IconNode = {
  name: 'chevron-down',
  shapes: [['path', { d: 'm6 9 6 6 6-6' }]],
};
