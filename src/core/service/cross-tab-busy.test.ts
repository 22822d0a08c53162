import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';

/** The pages of one browser: what one holds, the others are told of. */
function createLines(): { page(): CrossTabBusy; readonly open: number } {
  const pages = new Map<
    CrossTabBusy,
    { held?: string | undefined; told?: (id: string | undefined) => void }
  >();
  const tell = (): void => {
    for (const [line, { told }] of pages) {
      const other = [...pages].find(([each, { held }]) => each !== line && held !== undefined);
      told?.(other?.[1].held);
    }
  };
  return {
    page() {
      const line: CrossTabBusy = {
        open(told) {
          pages.set(line, { told });
          tell();
        },
        hold(held) {
          const page = pages.get(line);
          if (!page || page.held === held) return;
          page.held = held;
          tell();
        },
        close() {
          pages.delete(line);
          tell();
        },
      };
      return line;
    },
    get open() {
      return pages.size;
    },
  };
}

/** Bob has two pages in one browser, and talks to Alice on the first. */
async function talking(
  stage: ServiceHarness,
): Promise<{ pages: [Phone, Phone]; lines: { open: number } }> {
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

test('whoever is in a call on one page is busy on all of the browser', async () => {
  const stage = createServiceHarness();
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

test('the other pages ring again once it is over, also when its page is gone', async () => {
  for (const end of ['hangUp', 'stop'] as const) {
    const stage = createServiceHarness();
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
