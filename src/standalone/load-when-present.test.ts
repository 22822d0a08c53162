/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { loadWhenPresent } from './load-when-present.js';

let number = 0;
/** @returns a tag that no other test uses */
const newTag = (): string => `x-late-${String(++number)}`;

const unexpected = (error: unknown): void => expect.fail(String(error));

describe('loadWhenPresent', () => {
  let stop: () => void = () => {};
  let place: HTMLElement;
  beforeEach(() => {
    place = document.createElement('section');
    document.body.append(place);
  });
  afterEach(() => {
    stop();
    place.remove();
  });

  /** Observes one tag. @returns how often its code was loaded */
  function observe(tag: string): { count: number } {
    const loads = { count: 0 };
    stop = loadWhenPresent(
      {
        [tag]: {
          loadWhile: async () => {
            loads.count += 1;
            return class extends HTMLElement {};
          },
        },
      },
      unexpected,
    );
    return loads;
  }

  it('loads the code of an element that is already in the document', async () => {
    const tag = newTag();
    place.append(document.createElement(tag));
    const loads = observe(tag);
    await customElements.whenDefined(tag);
    expect(loads.count).to.equal(1);
  });

  it('loads the code of an element once, when it is inserted inside another element', async () => {
    const tag = newTag();
    const loads = observe(tag);
    expect(loads.count).to.equal(0);
    const inner = document.createElement('div');
    inner.append(document.createElement(tag));
    place.append(inner);
    await customElements.whenDefined(tag);
    place.append(document.createElement(tag));
    await new Promise(requestAnimationFrame);
    expect(loads.count).to.equal(1);
  });

  it('loads nothing when another element is inserted', async () => {
    const tag = newTag();
    const loads = observe(tag);
    place.append(document.createElement('p'));
    await new Promise(requestAnimationFrame);
    expect(loads.count).to.equal(0);
  });

  it('loads nothing after it was stopped', async () => {
    const tag = newTag();
    const loads = observe(tag);
    stop();
    place.append(document.createElement(tag));
    await new Promise(requestAnimationFrame);
    expect(loads.count).to.equal(0);
  });

  it('reports a failed load, and retries until it is stopped', async () => {
    const tag = newTag();
    const failures: unknown[] = [];
    let isNeeded: () => boolean = () => false;
    let arrive: () => void = () => {};
    stop = loadWhenPresent(
      {
        [tag]: {
          loadWhile: (needed, failed) => {
            isNeeded = needed;
            failed(new Error('offline'));
            return new Promise((resolve) => {
              arrive = () => resolve(class extends HTMLElement {});
            });
          },
        },
      },
      (error) => failures.push(error),
    );
    place.append(document.createElement(tag));
    await new Promise(requestAnimationFrame);
    expect(failures.map(String)).to.deep.equal(['Error: offline']);
    expect(isNeeded()).to.equal(true);
    arrive();
    await customElements.whenDefined(tag);
    stop();
    expect(isNeeded()).to.equal(false);
  });

  it('does not redefine a tag that the page defined while the code was loading', async () => {
    const tag = newTag();
    class Own extends HTMLElement {}
    let arrive: (element: CustomElementConstructor) => void = () => {};
    const arrived = new Promise<CustomElementConstructor>((resolve) => (arrive = resolve));
    stop = loadWhenPresent({ [tag]: { loadWhile: () => arrived } }, unexpected);
    place.append(document.createElement(tag));
    customElements.define(tag, Own);
    arrive(class extends HTMLElement {});
    await arrived;
    expect(customElements.get(tag)).to.equal(Own);
  });
});
