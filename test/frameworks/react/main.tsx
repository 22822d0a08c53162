import { createRoot } from 'react-dom/client';
// Before the first render, because React sets only attributes, not properties, on a tag that is not yet defined.
import '../../../src/define/all.js';
import { App } from './app.js';

createRoot(document.querySelector('#app') as HTMLElement).render(<App />);
