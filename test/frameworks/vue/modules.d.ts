/** The type of a single-file component for TypeScript. Vue's own type checker is more precise. */
declare module '*.vue' {
  import type { Component } from 'vue';
  const component: Component;
  export default component;
}
