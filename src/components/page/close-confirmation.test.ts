import { expect } from '@open-wc/testing';
import { CloseConfirmation } from './close-confirmation.js';

describe('CloseConfirmation', () => {
  it('asks only while it is on', () => {
    const target = new EventTarget();
    const confirmation = new CloseConfirmation(target);
    const asks = (): boolean =>
      !target.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(asks()).to.equal(false);
    confirmation.set(true);
    confirmation.set(true);
    expect(asks()).to.equal(true);
    confirmation.set(false);
    expect(asks()).to.equal(false);
  });
});
