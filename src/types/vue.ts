/**
 * Types of the tags for templates of Vue 3. Import it once: `import 'ringkit/types/vue'`. It contains no code.
 */
import type { HTMLAttributes, PublicProps } from 'vue';
import type { ElementOf, ElementProperties, EventName, EventOf, Tag } from './elements.js';

/** `$emit` of a component: a function with one overload for each event, from which Vue derives the type of `@event`. */
type Emit = UnionToIntersection<
  { [N in EventName]: (event: N, value: EventOf<N>) => void }[EventName]
>;

type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (
  value: infer I,
) => void
  ? I
  : never;

/** The name under which the type checker of templates looks up an attribute with dashes. */
type Camelized<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camelized<Tail>>}`
  : Name;

type Properties<T extends Tag> = {
  [P in keyof ElementProperties<T> & string as P | Camelized<P>]?: ElementProperties<T>[P];
};

/** An element as a component. A `ref` to it is the element itself. */
type Elements = {
  [T in Tag]: new () => ElementOf<T> & {
    /** @deprecated only for the types of templates */
    $props: HTMLAttributes & Properties<T> & PublicProps;
    /** @deprecated only for the types of templates */
    $emit: Emit;
  };
};

declare module 'vue' {
  interface GlobalComponents extends Elements {}
}
