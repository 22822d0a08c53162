import { expect } from '@open-wc/testing';
import { placeMemory } from './view-place.js';
import { forgetPlaces } from '../../../test/support/forget-places.js';

const KEY = 'ringkit window';

describe('placeMemory', () => {
  beforeEach(forgetPlaces);
  after(forgetPlaces);

  it('remembers places and sizes over a reload of the page', () => {
    placeMemory.setPosition('window', { x: 0.25, y: 0 });
    placeMemory.setPosition('minimised', { x: 1, y: 0.5 });
    placeMemory.setSize('video', { width: 800, height: 600 });
    placeMemory.save();
    placeMemory.reset();
    expect(placeMemory.position('window')).to.deep.equal({ x: 0.25, y: 0 });
    expect(placeMemory.position('minimised')).to.deep.equal({ x: 1, y: 0.5 });
    expect(placeMemory.size('video')).to.deep.equal({ width: 800, height: 600 });
    expect(placeMemory.size('voice')).to.equal(undefined);
    placeMemory.setSize('video', undefined);
    placeMemory.save();
    placeMemory.reset();
    expect(placeMemory.size('video')).to.equal(undefined);
  });

  it('ignores what it did not store itself', () => {
    for (const stored of [
      'x',
      'null',
      '7',
      '{"positions":7,"sizes":null}',
      '{"positions":{"window":{"x":2,"y":0}},"sizes":{"video":{"width":-1,"height":10}}}',
      '{"positions":{"window":{"x":"0","y":0}},"sizes":{"video":{"width":100}}}',
      '{"positions":{"window":null},"sizes":{"video":5}}',
    ]) {
      sessionStorage.setItem(KEY, stored);
      placeMemory.reset();
      expect(placeMemory.position('window'), stored).to.equal(undefined);
      expect(placeMemory.size('video'), stored).to.equal(undefined);
    }
  });

  it('remembers until the page is left while storage is full', () => {
    // The quota of session storage is about five million characters.
    let size = 4_000_000;
    for (let number = 0; size >= 1; number++) {
      try {
        sessionStorage.setItem(`full ${number}`, 'x'.repeat(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
    placeMemory.setPosition('window', { x: 0, y: 0.5 });
    placeMemory.save();
    expect(sessionStorage.getItem(KEY)).to.equal(null);
    expect(placeMemory.position('window')).to.deep.equal({ x: 0, y: 0.5 });
  });
});
