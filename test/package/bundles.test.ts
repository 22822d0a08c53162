import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { build } from 'esbuild';
import { parseSync } from 'vite';
import { callContext } from '../../src/components/shared/context.js';
import type { CallInvitationService } from '../../src/index.js';
import { connected, launchBrowser } from '../support/browser.js';
import { root } from './consumer.js';
import { Site } from './site.js';

type Provider = HTMLElement & { readonly service: CallInvitationService };

/** The exports of nanostores that the page uses, bundled separately. */
interface OwnStores {
  readonly ownStores: Pick<typeof import('nanostores'), 'computed' | 'listenKeys'>;
}
/** Values of a page's stores, in order. */
interface Seen {
  readonly read: string[];
  readonly listened: string[];
  readonly keys: string[];
  readonly $status: { get(): string };
}

const tags = [
  'call-history',
  'call-invitation-provider',
  'incoming-call-dialog',
  'invite-to-call-button',
  'missed-call-list',
  'call-settings',
  'ongoing-call-view',
  'outgoing-call-dialog',
  'start-call-button',
];
const moduleTag = '<script type="module" src="/somewhere/else/ringkit.js"></script>';
const globalTag = '<script src="/somewhere/else/ringkit.global.js"></script>';

let browser: Browser;
let site: Site;
let context: BrowserContext;
/** Unexpected output of a page: errors, warnings, policy violations. */
let unexpectedOutput: string[];
let requested: string[];

before(async () => {
  browser = await launchBrowser();
  site = new Site();
  await site.open();
  site.put('/favicon.ico', '');
});
after(async () => {
  await browser.close();
  site.close();
});
beforeEach(async () => {
  unexpectedOutput = [];
  requested = [];
  context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  context.on('weberror', (error) => unexpectedOutput.push(error.error().message));
  context.on('console', (message) => unexpectedOutput.push(`${message.type()}: ${message.text()}`));
  context.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    if (path.endsWith('.js')) requested.push(path);
  });
});
afterEach(() => context.close());

async function show(path: string, head: string, body: string): Promise<Page> {
  site.put(path, `<!doctype html><html lang="en"><title>A page</title>${head}${body}</html>`);
  const page = await context.newPage();
  await page.goto(site.address(path));
  return page;
}

const defined = (page: Page): Promise<string[]> =>
  page.evaluate((all) => all.filter((tag) => customElements.get(tag)), tags);

const user = (name: string): string =>
  `<call-invitation-provider user-id="${name}"></call-invitation-provider>`;

const status = (page: Page, wanted: string) =>
  page.waitForFunction((value) => {
    const provider = document.querySelector<Provider>('call-invitation-provider');
    return provider?.service.$call.get().status === value;
  }, wanted);

for (const [name, script] of [
  ['ringkit.js', moduleTag],
  ['ringkit.global.js', globalTag],
] as const) {
  describe(name, () => {
    it('connects two pages with a call, from any path, under the strict policy, without output', async () => {
      const alice = await show('/alice', script, user('alice'));
      const bob = await show('/bob', script, user('bob'));
      await Promise.all([connected(alice), connected(bob)]);
      await alice.evaluate(() => {
        const provider = document.querySelector<Provider>('call-invitation-provider');
        void provider?.service.send({ invitees: ['bob'], callType: 'video' });
      });
      await bob.getByRole('button', { name: /accept/i }).click();
      await Promise.all([status(alice, 'active'), status(bob, 'active')]);
      assert.equal(await alice.locator('ongoing-call-view').count(), 1);
      assert.deepEqual(unexpectedOutput, []);
    });

    it('warns of each fault that the page does not handle, once, with what to do', async () => {
      const page = await show(
        '/faults',
        script,
        `<call-invitation-provider userID="alice" signaling="wsss://calls.example.org"></call-invitation-provider>
         <start-call-button callees="bob,chen">Call</start-call-button>`,
      );
      const warned = (text: string) => {
        const found = unexpectedOutput.filter((line) => line.includes(text));
        assert.equal(found.length, 1, `${text}: ${unexpectedOutput.join('\n')}`);
        assert.match(found[0]!, /^warning: ringkit: <[\w-]+>: /);
      };
      const press = async (callees: string) => {
        const button = page.locator('start-call-button');
        await button.evaluate((element, ids) => element.setAttribute('callees', ids), callees);
        await button.click();
        await button.getByRole('status').getByText(/\w/).waitFor();
      };
      await press('bob,chen');
      await press('bob');
      warned(
        'call-invitation-provider has no attribute userid: write user-id, or set the property',
      );
      warned('callees="bob,chen" contains a comma. Separate user IDs by white space');
      warned('no user is signed in (not-connected). The provider has no user-id: set it to');
      const signIn = (userID: string) =>
        page.evaluate((id) => {
          const provider = document.querySelector('call-invitation-provider')!;
          provider.setAttribute('user-id', id);
          return (provider as unknown as { updateComplete: Promise<boolean> }).updateComplete;
        }, userID);
      await signIn('alice b');
      warned('userID: 1 to 128 characters, no white space (invalid-argument)');
      await signIn('alice');
      await page.waitForFunction(() => {
        const provider = document.querySelector<Provider>('call-invitation-provider');
        return provider?.service.$connection.get() === 'refused';
      });
      warned('starts with http, https, ws or wss: "wsss://calls.example.org"');
      await press('bob');
      assert.equal(unexpectedOutput.length, 6, unexpectedOutput.join('\n'));
    });

    it('warns of no fault that the page handles', async () => {
      const page = await show(
        '/handled',
        script,
        `<call-invitation-provider signaling="wsss://calls.example.org"></call-invitation-provider>`,
      );
      await page.evaluate(() => {
        const provider = document.querySelector('call-invitation-provider')!;
        const seen = new Promise((resolve) => {
          provider.addEventListener('error', (event) => resolve(event.error));
        });
        provider.setAttribute('user-id', 'alice');
        return seen.then(() => undefined);
      });
      assert.deepEqual(unexpectedOutput, []);
    });

    it('can be loaded twice, from two addresses', async () => {
      const second = script.replace('.js"', '.js?again"');
      const page = await show('/twice', `${script}${second}`, user('alice'));
      await connected(page);
      assert.deepEqual(unexpectedOutput, []);
    });

    it('answers a context request of the page, with the key of the community protocol', async () => {
      const page = await show('/context', script, user('alice'));
      await connected(page);
      // As text, because compilers wrap named functions.
      const answered = await page.evaluate(`{
        let answer;
        const provider = document.querySelector('call-invitation-provider');
        provider.append(document.createElement('i'));
        const request = new Event('context-request', { bubbles: true, composed: true });
        request.context = ${JSON.stringify(callContext)};
        request.callback = (value) => (answer = value);
        provider.lastChild.dispatchEvent(request);
        answer?.service === provider.service && !!answer;
      }`);
      assert.equal(answered, true);
    });

    it('registers the worker that the page names, under the strict policy', async () => {
      const page = await show(
        '/worker',
        script,
        `<call-invitation-provider
          user-id="alice"
          service-worker="/somewhere/else/ringkit-worker.js"
        ></call-invitation-provider>`,
      );
      await connected(page);
      await page.waitForFunction(async () => {
        const [registration] = await navigator.serviceWorker.getRegistrations();
        return registration?.active?.state === 'activated';
      });
      assert.deepEqual(unexpectedOutput, []);
    });

    it('uses the language of the page', async () => {
      const alice = await show('/caller', script, user('alice'));
      const bob = await show('/german', script, `<div lang="de">${user('bob')}</div>`);
      await Promise.all([connected(alice), connected(bob)]);
      await alice.evaluate(() => {
        const provider = document.querySelector<Provider>('call-invitation-provider');
        void provider?.service.send({ invitees: ['bob'], callType: 'video' });
      });
      await bob.getByRole('button', { name: 'Annehmen' }).waitFor();
      const files = requested.filter((path) => /\/de\W/.test(path));
      // The single file contains all languages; the module loads one from a separate file.
      assert.equal(files.length, name === 'ringkit.js' ? 1 : 0);
      assert.deepEqual(unexpectedOutput, []);
    });

    it("has stores that work with a page's own copy of nanostores", async () => {
      const { outputFiles } = await build({
        stdin: {
          contents: "export { computed, listenKeys } from 'nanostores';",
          resolveDir: root,
        },
        bundle: true,
        write: false,
        format: 'iife',
        globalName: 'ownStores',
        define: { 'process.env.NODE_ENV': '"production"' },
      });
      site.put('/own-stores.js', outputFiles[0]!.text);
      const alice = await show(
        '/stores',
        `${script}<script src="/own-stores.js"></script>`,
        user('alice'),
      );
      const bob = await show('/bob', script, user('bob'));
      await Promise.all([connected(alice), connected(bob)]);
      await alice.evaluate(() => {
        const page = globalThis as unknown as OwnStores & { seen: Seen };
        const { service } = document.querySelector<Provider>('call-invitation-provider')!;
        const $status = page.ownStores.computed(service.$call, ({ status }) => status);
        const seen: Seen = { read: [], listened: [], keys: [], $status };
        page.seen = seen;
        // Read without a subscriber: it is computed again only if nanostores knows of a change.
        seen.read.push($status.get());
        // Its type requires a map, but it accepts any store of an object.
        page.ownStores.listenKeys(service.$call as never, ['status' as never], () => {
          const now = service.$call.get().status;
          if (seen.keys.at(-1) === now) return;
          seen.keys.push(now);
          seen.read.push($status.get());
        });
        void service.send({ invitees: ['bob'], callType: 'voice' });
      });
      await status(bob, 'incoming');
      await status(alice, 'ringing-out');
      await alice.evaluate(() => {
        const page = globalThis as unknown as OwnStores & { seen: Seen };
        const { service } = document.querySelector<Provider>('call-invitation-provider')!;
        const $status = page.ownStores.computed(service.$call, ({ status }) => status);
        $status.subscribe((value) => page.seen.listened.push(value));
      });
      await bob.getByRole('button', { name: 'Decline', exact: true }).click();
      await status(alice, 'idle');
      const seen = await alice.evaluate(() => {
        const { read, listened, keys, $status } = (globalThis as unknown as { seen: Seen }).seen;
        return { read, listened, keys, last: $status.get() };
      });
      assert.deepEqual(seen, {
        read: ['idle', 'calling', 'ringing-out', 'ended', 'idle'],
        listened: ['ringing-out', 'ended', 'idle'],
        keys: ['calling', 'ringing-out', 'ended', 'idle'],
        last: 'idle',
      });
      assert.deepEqual(unexpectedOutput, []);
    });

    it('does not define a tag that the page has defined', async () => {
      site.put(
        '/own.js',
        `customElements.define('incoming-call-dialog', class Own extends HTMLElement {});`,
      );
      const page = await show('/taken', `<script src="/own.js"></script>${script}`, user('alice'));
      await connected(page);
      assert.equal(
        await page.evaluate(() => customElements.get('incoming-call-dialog')?.name),
        'Own',
      );
      assert.deepEqual(unexpectedOutput, []);
    });
  });
}

describe('ringkit.js', () => {
  it('defines everything but the view of a call, then loads the code for missed calls, and nothing else', async () => {
    const page = await show('/first', moduleTag, user('alice'));
    await connected(page);
    assert.deepEqual(
      await defined(page),
      tags.filter((tag) => tag !== 'ongoing-call-view'),
    );
    // Loaded by the time that it emits an event.
    await page.evaluate(() =>
      document.querySelector<Provider>('call-invitation-provider')?.service.dismissMissedCalls(),
    );
    const names = requested.map((path) =>
      path.replace(/^\/somewhere\/else\//, '').replace(/-[\w-]{8}\.js$/, ''),
    );
    assert.deepEqual(names.sort(), [
      'ringkit.js',
      'ringkit/local',
      'ringkit/provider-call-history',
      'ringkit/provider-missed-calls',
    ]);
  });

  it('consists of files without imports, so that each can be requested again separately', async () => {
    const folder = join(root, 'dist/ringkit');
    const files = (await readdir(folder)).map((file) => join(folder, file));
    assert.ok(files.length > 10);
    for (const file of [join(root, 'dist/ringkit.js'), ...files]) {
      const { body } = parseSync(file, await readFile(file, 'utf8')).program;
      const imports = body.filter(({ type }) => type === 'ImportDeclaration');
      assert.deepEqual(imports, [], file);
    }
  });

  it('loads the view of a call that is in the document, or is added to it', async () => {
    const view = '<ongoing-call-view></ongoing-call-view>';
    const first = await show('/present', moduleTag, `${user('alice')}${view}`);
    await first.waitForFunction(() => customElements.get('ongoing-call-view'));
    const second = await show('/inserted', moduleTag, user('alice'));
    await connected(second);
    assert.ok(!(await defined(second)).includes('ongoing-call-view'));
    await second.evaluate(() => {
      const place = document.createElement('p');
      place.append(document.createElement('ongoing-call-view'));
      document.body.append(place);
    });
    await second.waitForFunction(() => customElements.get('ongoing-call-view'));
    assert.deepEqual(unexpectedOutput, []);
  });

  it("defines a button inside somebody's shadow root, which calls", async () => {
    const alice = await show('/shadow', moduleTag, `${user('alice')}<section></section>`);
    const bob = await show('/bob', moduleTag, user('bob'));
    await Promise.all([connected(alice), connected(bob)]);
    await alice.evaluate(() => {
      const root = document.querySelector('section')!.attachShadow({ mode: 'open' });
      const button = document.createElement('start-call-button');
      button.setAttribute('callees', 'bob');
      button.textContent = 'Call Bob';
      root.append(button);
    });
    await alice.getByRole('button', { name: 'Call Bob' }).click();
    await bob.getByRole('button', { name: 'Decline', exact: true }).click();
    await status(alice, 'idle');
    assert.deepEqual(unexpectedOutput, []);
  });
});

describe('ringkit.global.js', () => {
  it('is one file that defines all elements, and never requests another file', async () => {
    const page = await show('/all', globalTag, user('alice'));
    await connected(page);
    await page.evaluate(() => (document.documentElement.lang = 'ja'));
    await page.evaluate(() =>
      document.querySelector<Provider>('call-invitation-provider')?.service.dismissMissedCalls(),
    );
    assert.deepEqual(await defined(page), tags);
    assert.deepEqual(requested, ['/somewhere/else/ringkit.global.js']);
  });

  it('gives pages without modules the exports of the package, in one permanent object', async () => {
    site.put('/keep.js', 'globalThis.kept = globalThis.ringkit;');
    const again = globalTag.replace('.js"', '.js?again"');
    const page = await show(
      '/names',
      `${globalTag}<script src="/keep.js"></script>${again}`,
      user('alice'),
    );
    await connected(page);
    const [same, ...types] = await page.evaluate(() => {
      const { kept, ringkit } = globalThis as unknown as Record<string, Record<string, unknown>>;
      const names = ['CallError', 'createCallInvitationService', 'CallInvitationProvider'];
      return [kept === ringkit, ...names.map((name) => typeof ringkit?.[name])];
    });
    assert.equal(same, true);
    assert.deepEqual(types, ['function', 'function', 'function']);
  });
});

it('a page in another language can load the classic script from another origin, without CORS', async () => {
  const other = new Site("'self'", "'self' http://localhost:*");
  await other.open();
  const german = await browser.newContext({ locale: 'de-DE' });
  try {
    const script = site
      .address('/somewhere/else/ringkit.global.js')
      .replace('127.0.0.1', 'localhost');
    const pages: Page[] = [];
    for (const name of ['alice', 'bob']) {
      other.put(
        `/${name}`,
        `<!doctype html><title>Eine Seite</title><script src="${script}"></script>${user(name)}`,
      );
      const page = await german.newPage();
      page.on('pageerror', ({ message }) => unexpectedOutput.push(message));
      // It waits for the load event.
      await page.goto(other.address(`/${name}`));
      await connected(page);
      pages.push(page);
    }
    const [alice, bob] = pages as [Page, Page];
    await alice.evaluate(() => {
      const provider = document.querySelector<Provider>('call-invitation-provider');
      void provider?.service.send({ invitees: ['bob'], callType: 'voice' });
    });
    await bob.getByRole('button', { name: 'Annehmen' }).waitFor();
    assert.deepEqual(unexpectedOutput, []);
  } finally {
    await german.close();
    other.close();
  }
});

for (const [order, scripts] of [
  ['the module after the classic script', `${globalTag}${moduleTag}`],
  [
    'the module before the classic script',
    `${moduleTag}<script defer src="/somewhere/else/ringkit.global.js"></script>`,
  ],
] as const) {
  it(`a page can load ${order}`, async () => {
    const page = await show(
      '/both',
      scripts,
      `${user('alice')}<start-call-button></start-call-button>`,
    );
    await connected(page);
    await page.waitForFunction(() => customElements.get('start-call-button'));
    assert.deepEqual(unexpectedOutput, []);
  });
}

/** The modules of the package as a bundler writes them that replaces no `process.env`, like Rollup without plugins. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: "import './dist/src/define/all.js';", resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    // Otherwise esbuild replaces it by default.
    define: { 'process.env.NODE_ENV': 'process.env.NODE_ENV' },
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
const bundleTag = '<script type="module" src="/bundle.js"></script>';

it('a page can bundle the package without a replacement for process.env', async () => {
  site.put('/bundle.js', await bundled());
  const alice = await show('/bundled', bundleTag, user('alice'));
  const bob = await show('/bob', moduleTag, user('bob'));
  await Promise.all([connected(alice), connected(bob)]);
  await alice.evaluate(() => {
    const provider = document.querySelector<Provider>('call-invitation-provider');
    void provider?.service.send({ invitees: ['bob'], callType: 'video' });
  });
  await bob.getByRole('button', { name: 'Accept', exact: true }).click();
  await status(alice, 'active');
  assert.deepEqual(unexpectedOutput, []);
});

it('a page that loads two copies of the package is warned, once', async () => {
  site.put('/bundle.js', await bundled());
  // A second copy of Lit creates its Trusted Types policy again, which the policy of the site forbids.
  const lenient = await browser.newContext({ bypassCSP: true });
  try {
    const warnings: string[] = [];
    lenient.on('console', (message) => warnings.push(message.text()));
    const page = await lenient.newPage();
    site.put(
      '/copies',
      `<!doctype html><title>A page</title>${globalTag}${bundleTag}${user('alice')}`,
    );
    await page.goto(site.address('/copies'));
    await connected(page);
    assert.equal(warnings.filter((text) => text.includes('another copy of ringkit')).length, 1);
  } finally {
    await lenient.close();
  }
});
