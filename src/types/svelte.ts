/**
 * Types of the tags for Svelte 5. Import it once: `import 'ringkit/types/svelte'`. It contains no code. Write the name of an
 * event in one piece after `on`: `onincoming-call-received={(event) => …}`.
 */
import type { HTMLAttributes } from 'svelte/elements';
import type { ElementOf, ElementProperties, EventHandlers, Tag } from './elements.js';

type Elements = {
  [T in Tag]: HTMLAttributes<ElementOf<T>> & ElementProperties<T> & EventHandlers<'on'>;
};

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends Elements {}
}
