import commonjs from '@rollup/plugin-commonjs';
import nodeResolve from '@rollup/plugin-node-resolve';

export default {
  input: 'src/main.js',
  output: { dir: 'public/build', format: 'es' },
  plugins: [
    // Finds packages, in their builds for browsers.
    nodeResolve({ browser: true }),
    // simple-peer is CommonJS.
    commonjs(),
  ],
};
