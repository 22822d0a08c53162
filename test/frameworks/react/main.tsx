import { createRoot } from 'react-dom/client';
// Before the first render: React sets attributes, and no properties, on a tag that is not yet known.
import '../../../src/define/all.js';
import { App } from './app.js';

createRoot(document.querySelector('#app') as HTMLElement).render(<App />);
