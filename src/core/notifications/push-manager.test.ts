import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PushSubscriptions } from '../ports/push-subscriptions.js';
import type { PushRegistration } from '../protocol/push.js';
import { CallError } from '../service/call-error.js';
import { createMemoryStorage } from '../storage/memory-storage.js';
import { PushManager } from './push-manager.js';

const registration = (endpoint: string): PushRegistration => ({
  ...{ account: 'https://x bob', page: 'https://x/', server: 'https://x', lang: 'en' },
  ...{ missed: true, dialBack: true, endpoint, keys: { p256dh: 'p', auth: 'a' } },
});

function createBrowser() {
  let subscribed: string | undefined;
  const subscriptions: PushSubscriptions = {
    async subscribe(key) {
      subscribed ??= `https://push/${key}`;
      return registration(subscribed);
    },
    current: async () => (subscribed === undefined ? undefined : registration(subscribed)),
    async unsubscribe() {
      subscribed = undefined;
    },
  };
  return {
    subscriptions,
    lose: () => (subscribed = undefined),
    get subscribed() {
      return subscribed;
    },
  };
}

function createPush(
  answers: Record<string, unknown> = {},
  browser = createBrowser(),
  subscriptions: PushSubscriptions | undefined = browser.subscriptions,
) {
  const asked: string[] = [];
  const storage = createMemoryStorage();
  const ask = (question: string, value?: unknown) => {
    const { endpoint = '' } = Object(value) as { endpoint?: string };
    asked.push(`${question} ${endpoint}`.trim());
    return Promise.resolve(answers[question] ?? (question === 'push-key' ? { key: 'k' } : {}));
  };
  const fault = (code: CallError['code'], message?: string) => new CallError(code, message);
  const push = new PushManager({ transport: { ask }, storage, subscriptions, fault });
  return { push, asked, storage, browser };
}

describe('Web Push', () => {
  it("is enabled by subscribing with the server's key, and registering the subscription at the server", async () => {
    const { push, asked, storage } = createPush();
    assert.equal(await push.enable(), true);
    assert.deepEqual(asked, ['push-key', 'push-register https://push/k']);
    assert.equal(await storage.hasPush(), true);
  });

  it('is renewed at each connection, if it was enabled before', async () => {
    const { push, asked, browser } = createPush();
    await push.renew();
    assert.deepEqual(asked, []);
    await push.enable();
    await push.renew();
    assert.equal(asked.at(-1), 'push-register https://push/k');
    assert.equal(asked.length, 3);
    // The browser has ended the subscription.
    browser.lose();
    await push.renew();
    assert.deepEqual(asked.slice(3), ['push-key', 'push-register https://push/k']);
  });

  it('ends without an error if the user revokes the permission, or the server does not push any more', async () => {
    const browser = createBrowser();
    const { push, storage } = createPush({}, browser);
    await push.enable();
    browser.lose();
    browser.subscriptions.subscribe = () => Promise.reject(new DOMException('no', 'NotAllowed'));
    await push.renew();
    assert.equal(await storage.hasPush(), false);
  });

  it('is renewed at the next connection if this one is lost', async () => {
    const answers: Record<string, unknown> = {};
    const { push, storage } = createPush(answers);
    await push.enable();
    answers['push-register'] = { error: { code: 'not-connected' } };
    await push.renew();
    assert.equal(await storage.hasPush(), true);
    answers['push-register'] = { error: { code: 'unavailable' } };
    await assert.rejects(push.renew(), { code: 'unavailable' });
  });

  it('is disabled in the browser and at the server, and not renewed any more', async () => {
    const { push, asked, browser } = createPush();
    assert.equal(await push.disable(), false);
    await push.enable();
    assert.equal(await push.disable(), true);
    assert.equal(asked.at(-1), 'push-remove https://push/k');
    assert.equal(browser.subscribed, undefined);
    const before = asked.length;
    await push.renew();
    assert.equal(asked.length, before);
  });

  it('is disabled in the browser also while the server is unreachable', async () => {
    const offline = { error: { code: 'not-connected' } };
    const { push, browser } = createPush({ 'push-remove': offline });
    await push.enable();
    await assert.rejects(push.disable(), { code: 'not-connected' });
    assert.equal(browser.subscribed, undefined);
  });

  it('is unsupported without a service worker, a server that pushes, or any server', async () => {
    await assert.rejects(
      new PushManager({ ...partsOf(createPush()), subscriptions: undefined }).enable(),
      { code: 'unsupported' },
    );
    const none = { error: { code: 'unsupported' } };
    await assert.rejects(createPush({ 'push-key': none }).push.enable(), { code: 'unsupported' });
    await assert.rejects(createPush({ 'push-key': { key: 7 } }).push.enable(), {
      code: 'unsupported',
    });
    await assert.rejects(new PushManager({ ...partsOf(createPush()), transport: {} }).enable(), {
      code: 'unsupported',
    });
  });

  it('is not allowed if the browser rejects the subscription', async () => {
    const browser = createBrowser();
    browser.subscriptions.subscribe = () => Promise.reject(new DOMException('no', 'AbortError'));
    const { push, storage } = createPush({}, browser);
    await assert.rejects(push.enable(), { code: 'not-allowed' });
    assert.equal(await storage.hasPush(), false);
  });
});

const partsOf = ({ storage, browser }: ReturnType<typeof createPush>) => ({
  ...{ storage, subscriptions: browser.subscriptions, transport: { ask: async () => ({}) } },
  fault: (code: CallError['code'], message?: string) => new CallError(code, message),
});
