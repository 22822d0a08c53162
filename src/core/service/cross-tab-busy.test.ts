import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';

/** The pages of one browser: each is notified of the call that another page is in. */
function createBrowserPages(): { page(): CrossTabBusy; readonly open: number } {
  const pages = new Map<
    CrossTabBusy,
    { held?: string | undefined; onChange?: (id: string | undefined) => void }
  >();
  const notify = (): void => {
    for (const [page, { onChange }] of pages) {
      const other = [...pages].find(([each, { held }]) => each !== page && held !== undefined);
      onChange?.(other?.[1].held);
    }
  };
  return {
    page() {
      const page: CrossTabBusy = {
        open(onChange) {
          pages.set(page, { onChange });
          notify();
        },
        hold(held) {
          const state = pages.get(page);
          if (!state || state.held === held) return;
          state.held = held;
          notify();
        },
        close() {
          pages.delete(page);
          notify();
        },
      };
      return page;
    },
    get open() {
      return pages.size;
    },
  };
}

/** Bob has two pages in one browser, and is in a call with Alice in the first one. */
async function talking(
  harness: ServiceHarness,
): Promise<{ pages: [Phone, Phone]; browser: { open: number } }> {
  const browser = createBrowserPages();
  const alice = harness.phone('alice');
  const pages: [Phone, Phone] = [
    harness.phone('bob', { start: false }),
    harness.phone('bob', { start: false }),
  ];
  for (const page of pages) page.start({ line: browser.page() });
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  await pages[0].service.accept();
  await harness.settle();
  assert.deepEqual(
    pages.map((page) => page.status()),
    ['active', 'ended: answered-elsewhere'],
  );
  await harness.clock.advance(3_000);
  return { pages, browser };
}

test('a user who is in a call in one page is busy in all pages of the browser', async () => {
  const harness = createServiceHarness();
  const { pages } = await talking(harness);
  const carol = harness.phone('carol');
  // A device that has just connected answers busy with a delay.
  await harness.clock.advance(3_000);
  await carol.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  assert.equal(carol.status(), 'ended: busy');
  assert.equal(pages[1].status(), 'idle');
  await assert.rejects(pages[1].service.send({ invitees: ['carol'], callType: 'voice' }), {
    code: 'busy',
  });
});

test('the other pages ring again after the call has ended, or its page was closed', async () => {
  for (const end of ['hangUp', 'stop'] as const) {
    const harness = createServiceHarness();
    const { pages, browser } = await talking(harness);
    await pages[0].service[end]();
    await harness.clock.advance(3_000);
    assert.equal(browser.open, end === 'stop' ? 1 : 2);
    const carol = harness.phone('carol');
    await harness.settle();
    await carol.service.send({ invitees: ['bob'], callType: 'voice' });
    await harness.settle();
    assert.equal(pages[1].status(), 'incoming', end);
  }
});
