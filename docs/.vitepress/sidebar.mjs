/** @param {string} text @param {string} link */
const page = (text, link) => ({ text, link });

/**
 * The pages of the site, in the order in which a reader needs them.
 * @param {ReturnType<typeof import('../../scripts/docs/reference.mjs').writeReference>} reference
 */
export const createSidebar = ({ elements, modules }) => [
  {
    text: 'Start',
    items: [
      page('Quick start', '/quick-start'),
      page('Playground', '/playground'),
      page('Browsers and platforms', '/guides/browsers'),
    ],
  },
  {
    text: 'Add it to a page',
    items: [
      page('Script tag', '/guides/script-tag'),
      page('React', '/guides/react'),
      page('Next', '/guides/next'),
      page('Vue', '/guides/vue'),
      page('Nuxt', '/guides/nuxt'),
      page('Svelte and SvelteKit', '/guides/svelte'),
      page('Angular', '/guides/angular'),
      page('Astro', '/guides/astro'),
      page('Server-side rendering', '/guides/server-side-rendering'),
      page('Plain JavaScript with a bundler', '/guides/plain'),
    ],
  },
  {
    text: 'Guides',
    items: [
      page('Your own server', '/guides/own-server'),
      page('Tokens', '/guides/tokens'),
      page('Notifications and push', '/notifications'),
      page('Theming', '/guides/theming'),
      page('Group calls', '/guides/groups'),
      page('Devices', '/guides/devices'),
      page('Test your application', '/guides/testing'),
      page('Troubleshooting', '/guides/troubleshooting'),
      page('Migrate from ZEGOCLOUD', '/guides/migrate-from-zegocloud'),
    ],
  },
  {
    text: 'Reference',
    items: [
      page('Elements', '/elements'),
      page('Service', '/service'),
      page('Callbacks and events', '/callbacks'),
      page('Media', '/media'),
      page('Effects', '/effects'),
      page('Languages', '/languages'),
      page('Verification', '/verification'),
      page('Sizes and performance', '/performance'),
    ],
  },
  { text: 'API: elements', items: elements },
  { text: 'API: modules', items: modules },
  {
    text: 'Run the server',
    items: [
      page('Server', '/server'),
      page('Deployment', '/deployment'),
      page('Security model', '/security'),
    ],
  },
  {
    text: 'How it works',
    items: [
      page('Architecture', '/architecture'),
      page('Protocol', '/protocol'),
      page('Glossary', '/glossary'),
      page('Decisions', '/decisions/'),
    ],
  },
  { text: 'Changes', items: [page('Changelog', '/changelog'), page('Versions', '/versions')] },
];
