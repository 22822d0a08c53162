/**
 * The documentation site. Its pages are the Markdown files of this folder, which stay readable in the repository.
 *
 *   npm run docs          serves it
 *   npm run docs:build    writes it to docs/.vitepress/dist. DOCS_BASE: the path where it is served, such as /ringkit/
 */
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { headingSlug } from '../../scripts/docs/heading-slug.mjs';
import { buildDemo, serveDemo } from '../../scripts/docs/demo-in-site.mjs';
import { repositoryLinks } from '../../scripts/docs/repository-links.mjs';
import { writeReference } from '../../scripts/docs/reference.mjs';
import { createSidebar } from './sidebar.mjs';

const { version, repository } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);
/** URL of the hosted repository, if there is one. @type {string | undefined} */
const hosted = repository?.url.replace(/^git\+|\.git$/g, '');
const base = process.env.DOCS_BASE ?? '/';

export default defineConfig({
  base,
  title: 'ringkit',
  description:
    'Custom elements that let users of any web page call each other: invitations, and the WebRTC call that follows.',
  lang: 'en',
  cleanUrls: true,
  cacheDir: '../.cache/docs',
  rewrites: { 'decisions/README.md': 'decisions/index.md' },
  ignoreDeadLinks: false,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: headingSlug },
    config: (markdown) => repositoryLinks(markdown, hosted),
  },
  buildEnd: buildDemo,
  vite: { plugins: [serveDemo({ base })], build: { chunkSizeWarningLimit: 2_000 } },
  themeConfig: {
    logo: '/icon.svg',
    search: { provider: 'local', options: { detailedView: true } },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Guides', link: '/quick-start', activeMatch: '/(quick-start|guides/|notifications)' },
      {
        text: 'Reference',
        link: '/elements',
        activeMatch: '/(reference/|elements|service|callbacks|server)',
      },
      { text: 'Playground', link: '/playground' },
      { text: `v${version}`, items: [{ text: 'Changelog', link: '/changelog' }] },
    ],
    sidebar: createSidebar(writeReference()),
    ...(hosted !== undefined && { socialLinks: [{ icon: 'github', link: hosted }] }),
    footer: { message: 'Released under the MIT License.' },
  },
});
