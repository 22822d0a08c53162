export { fitsWire } from '../protocol/limits.js';
