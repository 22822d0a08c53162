/**
 * Types of the tags for JSX in Preact. Import it once: `import 'ringkit/types/preact'`. It contains no code. Write the name of
 * an event in one piece after `on`: `onincoming-call-received={(event) => …}`.
 */
import type { HTMLAttributes } from 'preact';
import type { ElementOf, ElementProperties, EventHandlers, Tag } from './elements.js';

type Elements = {
  [T in Tag]: HTMLAttributes<ElementOf<T>> & ElementProperties<T> & EventHandlers<'on'>;
};

declare module 'preact' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how the types of JSX are extended
  namespace JSX {
    interface IntrinsicElements extends Elements {}
  }
}
