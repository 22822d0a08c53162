/**
 * Types of the tags for JSX in Solid. Import it once: `import 'ringkit/types/solid'`. It contains no code. Solid sets properties
 * with `prop:callees={…}`, attributes with `attr:call-type="video"`, and listens with `on:incoming-call-received={…}`. Without a
 * prefix, it sets the property of a tag with a dash.
 */
import type { JSX } from 'solid-js';
import type { ElementOf, ElementProperties, EventHandlers, Tag } from './elements.js';

type Prefixed<Properties, Prefix extends string> = {
  [P in keyof Properties & string as `${Prefix}${P}`]?: Properties[P];
};

type Elements = {
  [T in Tag]: Omit<JSX.HTMLAttributes<ElementOf<T>>, keyof EventHandlers<'on:'>> &
    ElementProperties<T> &
    Prefixed<ElementProperties<T>, 'attr:' | 'prop:'> &
    EventHandlers<'on:'>;
};

declare module 'solid-js' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how the types of JSX are extended
  namespace JSX {
    interface IntrinsicElements extends Elements {}
  }
}
