import { createApp } from 'vue';
// Before the first render, because Vue sets only attributes, not properties, on a tag that is not yet defined.
import '../../../src/define/all.js';
import App from './App.vue';

createApp(App).mount('#app');
