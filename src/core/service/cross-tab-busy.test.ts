import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import { createStage, type Phone, type Stage } from '../../../test/support/service-stage.js';

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
  stage: Stage,
): Promise<{ pages: [Phone, Phone]; browser: { open: number } }> {
  const browser = createBrowserPages();
  const alice = stage.phone('alice');
  const pages: [Phone, Phone] = [
    stage.phone('bob', { start: false }),
    stage.phone('bob', { start: false }),
  ];
  for (const page of pages) page.start({ line: browser.page() });
  await stage.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await stage.settle();
  await pages[0].service.accept();
  await stage.settle();
  assert.deepEqual(
    pages.map((page) => page.status()),
    ['active', 'ended: answered-elsewhere'],
  );
  await stage.clock.advance(3_000);
  return { pages, browser };
}

test('a user who is in a call in one page is busy in all pages of the browser', async () => {
  const stage = createStage();
  const { pages } = await talking(stage);
  const carol = stage.phone('carol');
  // A device that has just connected answers busy with a delay.
  await stage.clock.advance(3_000);
  await carol.service.send({ invitees: ['bob'], callType: 'voice' });
  await stage.settle();
  assert.equal(carol.status(), 'ended: busy');
  assert.equal(pages[1].status(), 'idle');
  await assert.rejects(pages[1].service.send({ invitees: ['carol'], callType: 'voice' }), {
    code: 'busy',
  });
});

test('the other pages ring again after the call has ended, or its page was closed', async () => {
  for (const end of ['hangUp', 'stop'] as const) {
    const stage = createStage();
    const { pages, browser } = await talking(stage);
    await pages[0].service[end]();
    await stage.clock.advance(3_000);
    assert.equal(browser.open, end === 'stop' ? 1 : 2);
    const carol = stage.phone('carol');
    await stage.settle();
    await carol.service.send({ invitees: ['bob'], callType: 'voice' });
    await stage.settle();
    assert.equal(pages[1].status(), 'incoming', end);
  }
});
