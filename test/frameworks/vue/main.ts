import { createApp } from 'vue';
// Before the first render: Vue sets attributes, and no properties, on a tag that is not yet known.
import '../../../src/define/all.js';
import App from './App.vue';

createApp(App).mount('#app');
