/** What a single-file component is to plain TypeScript; Vue's own type checker knows better. */
declare module '*.vue' {
  import type { Component } from 'vue';
  const component: Component;
  export default component;
}
