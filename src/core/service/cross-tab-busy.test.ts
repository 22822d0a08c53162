import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import { createStage, type Phone, type Stage } from '../../../test/support/service-stage.js';

/** The pages of one browser: each is notified of the call that another page is in. */
function createLines(): { page(): CrossTabBusy; readonly open: number } {
  const pages = new Map<
    CrossTabBusy,
    { held?: string | undefined; onChange?: (id: string | undefined) => void }
  >();
  const notify = (): void => {
    for (const [line, { onChange }] of pages) {
      const other = [...pages].find(([each, { held }]) => each !== line && held !== undefined);
      onChange?.(other?.[1].held);
    }
  };
  return {
    page() {
      const line: CrossTabBusy = {
        open(onChange) {
          pages.set(line, { onChange });
          notify();
        },
        hold(held) {
          const page = pages.get(line);
          if (!page || page.held === held) return;
          page.held = held;
          notify();
        },
        close() {
          pages.delete(line);
          notify();
        },
      };
      return line;
    },
    get open() {
      return pages.size;
    },
  };
}

/** Bob has two pages in one browser, and is in a call with Alice in the first one. */
async function talking(stage: Stage): Promise<{ pages: [Phone, Phone]; lines: { open: number } }> {
  const lines = createLines();
  const alice = stage.phone('alice');
  const pages: [Phone, Phone] = [
    stage.phone('bob', { start: false }),
    stage.phone('bob', { start: false }),
  ];
  for (const page of pages) page.start({ line: lines.page() });
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
  return { pages, lines };
}

test('a user who is in a call in one page is busy in all pages of the browser', async () => {
  const stage = createStage();
  const { pages } = await talking(stage);
  const carol = stage.phone('carol');
  // One who has just come says busy a moment later.
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
    const { pages, lines } = await talking(stage);
    await pages[0].service[end]();
    await stage.clock.advance(3_000);
    assert.equal(lines.open, end === 'stop' ? 1 : 2);
    const carol = stage.phone('carol');
    await stage.settle();
    await carol.service.send({ invitees: ['bob'], callType: 'voice' });
    await stage.settle();
    assert.equal(pages[1].status(), 'incoming', end);
  }
});
