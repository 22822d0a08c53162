/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { loadWhenPresent } from './load-when-present.js';

let number = 0;
/** A tag that nobody has used before. */
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

  /** Looks for one tag. @returns how often it was loaded */
  function look(tag: string): { count: number } {
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

  it('loads at once what the document holds', async () => {
    const tag = newTag();
    place.append(document.createElement(tag));
    const loads = look(tag);
    await customElements.whenDefined(tag);
    expect(loads.count).to.equal(1);
  });

  it('loads what is inserted, also deep within something else, and once', async () => {
    const tag = newTag();
    const loads = look(tag);
    expect(loads.count).to.equal(0);
    const inner = document.createElement('div');
    inner.append(document.createElement(tag));
    place.append(inner);
    await customElements.whenDefined(tag);
    place.append(document.createElement(tag));
    await new Promise(requestAnimationFrame);
    expect(loads.count).to.equal(1);
  });

  it('loads nothing for another element', async () => {
    const tag = newTag();
    const loads = look(tag);
    place.append(document.createElement('p'));
    await new Promise(requestAnimationFrame);
    expect(loads.count).to.equal(0);
  });

  it('looks no more once it is stopped', async () => {
    const tag = newTag();
    const loads = look(tag);
    stop();
    place.append(document.createElement(tag));
    await new Promise(requestAnimationFrame);
    expect(loads.count).to.equal(0);
  });

  it('tells that its code does not load, and goes on as long as it looks', async () => {
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

  it('leaves a tag alone that was taken meanwhile', async () => {
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
