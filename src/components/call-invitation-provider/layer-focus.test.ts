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
    const firstChange = focus.afterChange(false, true);
    focus.beforeChange();
    layer.replaceChildren(second);
    const secondChange = focus.afterChange(false, true);
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
    await focus.afterChange(true, true);
    expect(document.activeElement).to.equal(input);
  });

  it('moves the focus to an outgoing call, not to an incoming one, and returns it at the end', async () => {
    const page = await fixture<HTMLElement>(
      html`<start-call-button><button>Call</button></start-call-button>`,
    );
    const call = page.querySelector('button')!;
    const layer = await fixture<HTMLElement>(html`<div></div>`);
    const focus = new LayerFocus(layer);
    const view = new LateView();
    view.draw();
    const change = (isOwn: boolean, ...children: Element[]): Promise<void> => {
      focus.beforeChange();
      layer.replaceChildren(...children);
      return focus.afterChange(isOwn, children.length > 0);
    };
    call.focus();
    await change(false, view);
    expect(document.activeElement).to.equal(call);
    await change(false);
    await change(true, view);
    expect(document.activeElement).to.equal(view);
    await change(false);
    expect(document.activeElement).to.equal(call);
  });

  it('moves the focus to a call that is placed while the end of another one is shown', async () => {
    const page = await fixture<HTMLElement>(
      html`<start-call-button><button>Call</button></start-call-button>`,
    );
    const call = page.querySelector('button')!;
    const layer = await fixture<HTMLElement>(html`<div></div>`);
    const focus = new LayerFocus(layer);
    const view = new LateView();
    view.draw();
    layer.append(view);
    const change = (hasCall: boolean): Promise<void> => {
      focus.beforeChange();
      return focus.afterChange(true, hasCall);
    };
    await change(true);
    call.focus();
    await change(true);
    expect(document.activeElement, 'another button during a call').to.equal(call);
    await change(false);
    expect(document.activeElement, 'the end').to.equal(call);
    await change(true);
    expect(document.activeElement).to.equal(view);
  });
});
