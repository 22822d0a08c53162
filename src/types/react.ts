/**
 * Types of the tags for JSX in React 19. Import it once: `import 'ringkit/types/react'`. It contains no code. Write the name of
 * an event in one piece after `on`: `onincoming-call-received={(event) => …}`.
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { ElementOf, ElementProperties, EventHandlers, Tag } from './elements.js';

type Elements = {
  [T in Tag]: DetailedHTMLProps<HTMLAttributes<ElementOf<T>>, ElementOf<T>> &
    ElementProperties<T> &
    EventHandlers<'on'>;
};

declare module 'react' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how the types of JSX are extended
  namespace JSX {
    interface IntrinsicElements extends Elements {}
  }
}
