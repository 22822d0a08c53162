import { expect } from '@open-wc/testing';
import { incoming, NO_CALL } from '../../../test/support/fake-service.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { PageOptions, type PageOptionSource } from './page-options.js';

describe('the options of the page', () => {
  let call: CallSnapshot;
  let reported: unknown[];
  const options = (source: Partial<PageOptionSource>) => {
    const none = { config: null, requireConfig: null, avatarFor: null };
    return new PageOptions(
      { ...none, ...source },
      () => call,
      (error) => reported.push(error),
    );
  };
  const ring = (callID: string): void => {
    call = { ...NO_CALL, ...incoming({ callID }) };
  };

  beforeEach(() => {
    call = NO_CALL;
    reported = [];
  });

  it('are those of config without a call', () => {
    const config = { maxMembers: 3 };
    const { ...source } = { config, requireConfig: () => ({ maxMembers: 5 }) };
    expect(options(source).config()).to.equal(config);
    expect(options({}).config()).to.equal(null);
  });

  it('are replaced for each call by those that requireConfig has returned, once', () => {
    const asked: string[] = [];
    const page = options({
      config: { maxMembers: 3, shortcuts: false },
      requireConfig: ({ callID }) => {
        asked.push(callID);
        return callID === 'plain' ? undefined : { maxMembers: asked.length };
      },
    });
    ring('c1');
    for (const _ of [1, 2])
      expect(page.config()).to.deep.equal({ maxMembers: 1, shortcuts: false });
    ring('plain');
    expect(page.config()).to.deep.equal({ maxMembers: 3, shortcuts: false });
    ring('c2');
    expect(page.config()?.maxMembers).to.equal(3);
    expect(asked).to.deep.equal(['c1', 'plain', 'c2']);
  });

  it('may be read while requireConfig runs', () => {
    const page: PageOptions = options({
      config: { maxMembers: 3 },
      requireConfig: () => ({ maxMembers: (page.config()?.maxMembers ?? 0) + 1 }),
    });
    ring('c1');
    expect(page.config()?.maxMembers).to.equal(4);
  });

  it('report a function that throws, and count as not given', () => {
    const fail = (): never => {
      throw new Error('of the page');
    };
    const page = options({ config: { maxMembers: 3 }, requireConfig: fail, avatarFor: fail });
    ring('c1');
    for (const _ of [1, 2]) expect(page.config()).to.deep.equal({ maxMembers: 3 });
    expect(page.avatarFor('ben')).to.equal(undefined);
    expect(reported).to.have.length(2);
  });
});
