import { mount } from 'svelte';
// Before the first render: Svelte sets attributes, and no properties, on a tag that is not yet known.
import '../../../src/define/all.js';
import App from './App.svelte';

mount(App, { target: document.querySelector('#app') as HTMLElement });
