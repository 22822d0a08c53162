import 'ringkit/define';

export default defineNuxtPlugin(() => {});
