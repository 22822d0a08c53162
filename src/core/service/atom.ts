/**
 * `atom` of nanostores. The build writes its code into this module without the check of `process.env.NODE_ENV`: plain Rollup
 * and browsers have no `process`. Stores of two copies of nanostores work together.
 */
export { atom } from 'nanostores';
