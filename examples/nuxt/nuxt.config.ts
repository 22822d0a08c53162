export default defineNuxtConfig({
  compatibilityDate: '2025-11-01',
  app: {
    head: {
      htmlAttrs: { lang: 'en' },
      title: 'Calls with Nuxt',
      link: [{ rel: 'icon', href: 'data:,' }],
    },
  },
  vue: { compilerOptions: { isCustomElement: (tag: string) => tag.includes('-') } },
});
