import { expect } from '@open-wc/testing';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { createFakeClock, type FakeClock } from '../../../test/support/fake-clock.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { TimeUpdater } from './time-updater.js';
import { VisibilityController } from './visibility-controller.js';

class Host extends HTMLElement implements ReactiveControllerHost {
  updates = 0;
  readonly updateComplete = Promise.resolve(true);
  readonly #controllers: ReactiveController[] = [];
  addController(controller: ReactiveController): void {
    this.#controllers.push(controller);
  }
  connectedCallback(): void {
    for (const controller of this.#controllers) controller.hostConnected?.();
  }
  disconnectedCallback(): void {
    for (const controller of this.#controllers) controller.hostDisconnected?.();
  }
  removeController(): void {}
  requestUpdate(): void {
    this.updates++;
  }
}
customElements.define('fresh-times-host', Host);

describe('TimeUpdater', () => {
  let host: Host;
  let clock: FakeClock;
  let fresh: TimeUpdater;
  beforeEach(() => {
    host = document.createElement('fresh-times-host') as Host;
    host.textContent = '5 minutes ago';
    host.style.display = 'block';
    clock = createFakeClock();
    fresh = new TimeUpdater(host, new VisibilityController(host), clock);
    document.body.append(host);
  });
  afterEach(() => host.remove());
  const seen = () => waitUntil(() => clock.timers === 1);
  const hidden = () => waitUntil(() => clock.timers === 0);

  it('renders when the first text changes, not before', async () => {
    fresh.set(clock.epoch() + 30_000);
    await seen();
    await clock.advance(29_999);
    expect(host.updates).to.equal(0);
    await clock.advance(1);
    expect(host.updates).to.equal(1);
    expect(clock.timers).to.equal(0);
  });

  it('waits an hour at most, without a render', async () => {
    fresh.set(clock.epoch() + 5 * 3_600_000);
    await seen();
    for (let hour = 1; hour < 5; hour++) await clock.advance(3_600_000);
    expect(host.updates).to.equal(0);
    expect(clock.timers).to.equal(1);
    await clock.advance(3_600_000);
    expect(host.updates).to.equal(1);
  });

  it('has no timer if no time is shown', async () => {
    fresh.set(clock.epoch() + 30_000);
    await seen();
    fresh.set(Infinity);
    expect(clock.timers).to.equal(0);
  });

  it('has no timer while hidden, and renders when visible again', async () => {
    fresh.set(clock.epoch() + 30_000);
    await seen();
    host.style.display = 'none';
    await hidden();
    await clock.advance(60_000);
    expect(host.updates).to.equal(0);
    host.style.display = 'block';
    await waitUntil(() => host.updates === 1);
  });

  it('has no timer outside of the document', async () => {
    fresh.set(clock.epoch() + 30_000);
    await seen();
    host.remove();
    expect(clock.timers).to.equal(0);
    fresh.set(clock.epoch() + 10_000);
    expect(clock.timers).to.equal(0);
    document.body.append(host);
    await seen();
  });
});
