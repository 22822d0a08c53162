import { expect as playwrightExpect } from '@playwright/test';

/** How long a poll waits before it looks again, in ms. Playwright's own pauses grow to a second. */
const POLL_INTERVALS = [50, 100];

const poll: typeof playwrightExpect.poll = (actual, options) =>
  playwrightExpect.poll(actual, {
    intervals: POLL_INTERVALS,
    ...(typeof options === 'string' ? { message: options } : options),
  });

/** Playwright's `expect`; a condition that is polled for is noticed within a tenth of a second. */
export const expect: typeof playwrightExpect = new Proxy(playwrightExpect, {
  get: (target, name, receiver): unknown =>
    name === 'poll' ? poll : Reflect.get(target, name, receiver),
});
