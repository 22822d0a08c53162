/** Code that creates `window` of a simulated browser. */
export const windows = {
  jsdom: `
    import { JSDOM } from 'jsdom';
    const { window } = new JSDOM('', { url: 'http://localhost/', pretendToBeVisual: true });`,
  'happy-dom': `
    import { Window } from 'happy-dom';
    const window = new Window({ url: 'http://localhost/' });`,
};

/** Makes the objects of a simulated window global, as test runners do. */
export const makeGlobal = `
  const dom = /Event|Element|Node|Document|Storage|Abort|Blob|File|Form/;
  for (let from = window; from && from !== Object.prototype; from = Object.getPrototypeOf(from))
    for (const name of Object.getOwnPropertyNames(from)) {
      const isClass = /^[A-Z]/.test(name);
      if (name === 'constructor' || (name in globalThis && !(isClass && dom.test(name)) && name !== 'navigator')) continue;
      const value = () => (typeof window[name] === 'function' && !isClass ? window[name].bind(window) : window[name]);
      Object.defineProperty(globalThis, name, { get: value, set() {}, configurable: true });
    }
  const { document, customElements } = window;
  process.on('unhandledRejection', (error) => console.log('unhandled', error));
  console.warn = (text) => console.log(text);
`;
