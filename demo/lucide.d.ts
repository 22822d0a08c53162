// The icon set ships one module for each icon, without types for it. Importing the whole set would load them all.
declare module 'lucide/dist/esm/icons/*.mjs' {
  const node: readonly (readonly [
    tag: string,
    attributes: Readonly<Record<string, string | number | undefined>>,
  ])[];
  export default node;
}
