import 'ringkit/types/svelte';
