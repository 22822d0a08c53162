import { expect, fixture, html } from '@open-wc/testing';
import { actionOf, isTyping, shortcutKeys, shownShortcut, spokenShortcut } from './shortcuts.js';

const press = (key: string, more: Partial<KeyboardEventInit> = {}) =>
  actionOf(new KeyboardEvent('keydown', { key, altKey: true, ...more }));

describe('keyboard shortcuts', () => {
  it('are Alt and a letter', () => {
    expect(['m', 'V', 'h', 'a', 'x'].map((key) => press(key))).to.deep.equal([
      ...['microphone', 'camera', 'hang-up', 'accept', undefined],
    ]);
    expect(shownShortcut('M', false)).to.equal('Alt+M');
    expect(shownShortcut('M', true)).to.equal('⌥M');
    expect(spokenShortcut('M', true)).to.equal('Option+M');
  });

  it('have the letters that the page configures', () => {
    expect(shortcutKeys(false)).to.deep.equal({});
    const all = { accept: 'A', microphone: 'M', camera: 'V', 'hang-up': 'H' };
    expect(shortcutKeys()).to.deep.equal(all);
    expect(shortcutKeys({ accept: 'q', camera: false, hangUp: 'Escape' })).to.deep.equal({
      ...{ accept: 'Q', microphone: 'M', 'hang-up': 'H' },
    });
    const keys = shortcutKeys({ accept: 'q' });
    const event = new KeyboardEvent('keydown', { key: 'q', altKey: true });
    expect(actionOf(event, keys)).to.equal('accept');
    expect(actionOf(event)).to.equal(undefined);
  });

  it('use the place of the key where the letter is another one', () => {
    expect(press('µ', { code: 'KeyM' })).to.equal('microphone');
    expect(press('м', { code: 'KeyV' })).to.equal('camera');
    // On an AZERTY keyboard, M is elsewhere.
    expect(press('m', { code: 'Semicolon' })).to.equal('microphone');
    expect(press(',', { code: 'Comma' })).to.equal(undefined);
    expect(press('z', { code: 'KeyV' })).to.equal(undefined);
  });

  it('ignore other modifiers, repeated presses and composed text', () => {
    for (const more of ['ctrlKey', 'metaKey', 'shiftKey', 'repeat', 'isComposing'])
      expect(press('m', { [more]: true }), more).to.equal(undefined);
    expect(press('m', { altKey: false })).to.equal(undefined);
  });

  it('are off while the user types', async () => {
    const place = await fixture(
      html`<div>
        <input aria-label="a" /><input type="password" aria-label="b" />
        <textarea aria-label="c"></textarea>
        <select aria-label="d"></select>
        <p contenteditable="true"></p>
        <button>e</button><input type="checkbox" aria-label="f" /><a href="#g">g</a>
      </div>`,
    );
    const typing = [...place.children].map(isTyping);
    expect(typing).to.deep.equal([true, true, true, true, true, false, false, false]);
    expect(isTyping(window)).to.equal(false);
  });
});
