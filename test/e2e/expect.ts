import { expect as playwrightExpect } from '@playwright/test';

/** Polling interval, in ms. Playwright's own intervals grow to a second. */
const POLL_INTERVALS = [50, 100];

const poll: typeof playwrightExpect.poll = (actual, options) =>
  playwrightExpect.poll(actual, {
    intervals: POLL_INTERVALS,
    ...(typeof options === 'string' ? { message: options } : options),
  });

/** Playwright's `expect` with a maximum polling interval of 100 ms. */
export const expect: typeof playwrightExpect = new Proxy(playwrightExpect, {
  get: (target, name, receiver): unknown =>
    name === 'poll' ? poll : Reflect.get(target, name, receiver),
});
