import 'ringkit/define';
import 'ringkit/types/vue';
import { createApp } from 'vue';
import App from './App.vue';

createApp(App).mount('#app');
