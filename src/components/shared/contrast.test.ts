import { expect, fixture, html } from '@open-wc/testing';
import { baseStyles } from './base.styles.js';
import { callViewStyles } from './call-view.styles.js';

/** Relative luminance (WCAG 2.2) of a colour, as the browser paints it on a background. */
function luminance(pixel: Uint8ClampedArray): number {
  const [r, g, b] = [...pixel.slice(0, 3)].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
function paint(...layers: string[]): number {
  for (const layer of layers) {
    canvas.fillStyle = layer;
    canvas.fillRect(0, 0, 1, 1);
  }
  return luminance(canvas.getImageData(0, 0, 1, 1).data);
}
const contrast = (a: number, b: number): number =>
  (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

class Swatch extends HTMLElement {
  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [baseStyles.styleSheet!, callViewStyles.styleSheet!];
    this.attachInternals().states.add('open');
  }
}
customElements.define('colour-swatch', Swatch);

/** Text needs a contrast of 4.5:1, other elements 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). */
const pairs: [text: string, ground: string, least: number][] = [
  ['--_text', '--_surface', 4.5],
  ['--_text', '--_raised', 4.5],
  ['--_quiet', '--_surface', 4.5],
  ['--_quiet', '--_raised', 4.5],
  ['--_accent', '--_raised', 4.5],
  ['--_on-accept', '--_accept', 4.5],
  ['--_on-danger', '--_danger', 4.5],
  ['--_danger-text', '--_surface', 4.5],
  ['--_danger-text', '--_raised', 4.5],
  ['--_accept', '--_surface', 3],
  ['--_danger', '--_surface', 3],
  ['--_accent', '--_surface', 3],
  ['--_focus-inner', '--_focus-outer', 4.5],
  ['--_on-stage', '--_stage', 4.5],
  ['--_on-stage-quiet', '--_stage', 4.5],
  ['--_on-stage', '--_tile', 4.5],
];

describe('contrast', () => {
  for (const scheme of ['light', 'dark']) {
    it(`of every pair of tokens is sufficient: ${scheme}`, async () => {
      const swatch = await fixture<Swatch>(html`<colour-swatch></colour-swatch>`);
      const colour = (token: string): string => {
        // Tokens of the call view are dark in both.
        swatch.style.colorScheme = /stage|tile/.test(token) ? '' : scheme;
        swatch.style.backgroundColor = `var(${token})`;
        return getComputedStyle(swatch).backgroundColor;
      };
      const poor = pairs.filter(
        ([text, ground, least]) => contrast(paint(colour(text)), paint(colour(ground))) < least,
      );
      expect(poor).to.deep.equal([]);
    });
  }

  it('of initials is sufficient on every hue', () => {
    const white = paint('#fff');
    const poor = Array.from({ length: 360 }, (_, hue) => hue).filter(
      // The lighter end of the gradient.
      (hue) => contrast(white, paint(`oklch(0.53 0.13 ${hue})`)) < 4.5,
    );
    expect(poor).to.deep.equal([]);
  });

  it('of controls, notes and the chip with the names is sufficient on any video', async () => {
    const swatch = await fixture<Swatch>(html`<colour-swatch></colour-swatch>`);
    const colour = (token: string): string => {
      swatch.style.backgroundColor = `var(${token})`;
      return getComputedStyle(swatch).backgroundColor;
    };
    for (const picture of ['#fff', '#000', '#7f7f7f', '#ff0', '#0ff'])
      for (const [text, ground] of [
        ['--_on-control', '--_glass'],
        ['--_on-control-off', '--_control-off'],
        ['--_on-control-off', '--_control-active'],
        ['--_on-stage', '--_scrim'],
      ] as const)
        expect(
          contrast(paint(colour(text)), paint(picture, colour(ground))),
          `${text} on ${picture}`,
        ).to.be.at.least(4.5);
  });
});
