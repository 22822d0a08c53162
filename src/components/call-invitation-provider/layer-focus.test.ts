import { expect, fixture, html } from '@open-wc/testing';
import { LayerFocus } from './layer-focus.js';

/** An element that can be focused only after its first render. */
class LateView extends HTMLElement {
  draw: () => void = () => {};
  readonly updateComplete = new Promise<void>((resolve) => (this.draw = resolve));

  connectedCallback(): void {
    this.tabIndex = -1;
  }
}
customElements.define('late-view', LateView);

const settle = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve));

describe('LayerFocus', () => {
  it('focuses the latest element, also if it replaced one that was not rendered yet', async () => {
    const layer = await fixture<HTMLElement>(html`<div><button>Accept</button></div>`);
    const focus = new LayerFocus(layer);
    layer.querySelector('button')!.focus();
    const [first, second] = [new LateView(), new LateView()];
    focus.beforeChange();
    layer.replaceChildren(first);
    const firstChange = focus.afterChange();
    focus.beforeChange();
    layer.replaceChildren(second);
    const secondChange = focus.afterChange();
    first.draw();
    await settle();
    expect(document.activeElement).to.equal(document.body);
    second.draw();
    await Promise.all([firstChange, secondChange]);
    expect(document.activeElement).to.equal(second);
  });

  it('never takes the focus from outside the layer', async () => {
    const input = await fixture<HTMLInputElement>(html`<input aria-label="Text" />`);
    const layer = await fixture<HTMLElement>(html`<div><button>Accept</button></div>`);
    const focus = new LayerFocus(layer);
    input.focus();
    const view = new LateView();
    view.draw();
    focus.beforeChange();
    layer.replaceChildren(view);
    await focus.afterChange();
    expect(document.activeElement).to.equal(input);
  });
});
