import { mount } from 'svelte';
// Before the first render, because Svelte sets only attributes, not properties, on a tag that is not yet defined.
import '../../../src/define/all.js';
import App from './App.svelte';

mount(App, { target: document.querySelector('#app') as HTMLElement });
