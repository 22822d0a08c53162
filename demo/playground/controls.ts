import { INCLUDED_LANGUAGES } from '../../src/locales/included-language.js';

/** A group of `--call-*` properties. */
export interface TokenGroup {
  readonly title: string;
  readonly tokens: readonly Token[];
}
export type Token = LengthToken | OtherToken;
interface OtherToken {
  readonly name: string;
  readonly label: string;
  readonly type: 'color' | 'text';
}
interface LengthToken {
  readonly name: string;
  readonly label: string;
  readonly type: 'length';
  /** What the elements use without the property, in CSS pixels. More than `max` has the same effect as `max`. */
  readonly standard: number;
  /** End of the slider, in CSS pixels. */
  readonly max: number;
}

const color = (name: string, label: string): Token => ({ name, label, type: 'color' });
const length = (name: string, label: string, standard: number, max: number): Token => ({
  name,
  label,
  type: 'length',
  standard,
  max,
});

export const tokenGroups: readonly TokenGroup[] = [
  {
    title: 'Cards',
    tokens: [
      color('--call-surface', 'Surface'),
      color('--call-surface-raised', 'Raised'),
      color('--call-text', 'Text'),
      color('--call-text-quiet', 'Quiet text'),
      color('--call-line', 'Lines'),
    ],
  },
  {
    title: 'Buttons',
    tokens: [
      color('--call-accept', 'Accept'),
      color('--call-on-accept', '… its icon'),
      color('--call-danger', 'Decline'),
      color('--call-on-danger', '… its icon'),
      color('--call-accent', 'Accent'),
    ],
  },
  {
    title: 'Stage',
    tokens: [
      color('--call-stage', 'Stage'),
      color('--call-on-stage', 'Text'),
      color('--call-on-stage-quiet', 'Quiet text'),
      color('--call-tile', 'Tiles'),
    ],
  },
  {
    title: 'Controls of a call',
    tokens: [
      color('--call-control', 'Control'),
      color('--call-control-hover', '… hovered'),
      color('--call-on-control', '… its icon'),
      color('--call-control-off', 'Off'),
      color('--call-control-active', 'On: sharing'),
      color('--call-on-control-off', '… their icon'),
      color('--call-scrim', 'Behind names'),
      color('--call-speaking', 'Speaking'),
      color('--call-focus-inner', 'Focus, inner'),
      color('--call-focus-outer', 'Focus, outer'),
    ],
  },
  {
    title: 'Shape and type',
    tokens: [
      length('--call-radius-small', 'Corners: tags', 8, 40),
      length('--call-radius-medium', '… notes, fields', 16, 40),
      length('--call-radius-tile', '… tiles', 16, 40),
      length('--call-radius', '… cards, windows', 24, 40),
      // Half of the largest avatar, which is round at this radius.
      length('--call-radius-full', '… buttons', 999, 100),
      length('--call-avatar-size', 'Large avatar', 112, 200),
      { name: '--call-font', label: 'Font', type: 'text' },
    ],
  },
];

/** Sets of values to begin with. */
export const themes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Default: {},
  Violet: {
    '--call-accent': '#7a2ff0',
    '--call-accept': '#5b2bd6',
    '--call-on-accept': '#ffffff',
    '--call-stage': '#1b1030',
    '--call-tile': '#33224f',
    '--call-control': '#4a3470',
    '--call-control-hover': '#5c4488',
    '--call-control-active': '#c9a9ff',
    '--call-speaking': '#c9a9ff',
    '--call-radius': '32px',
    '--call-radius-medium': '20px',
  },
  Paper: {
    '--call-surface': '#fbf7ef',
    '--call-surface-raised': '#efe7d8',
    '--call-text': '#2b2116',
    '--call-text-quiet': '#64553f',
    '--call-line': '#ddd0b8',
    '--call-stage': '#2b2116',
    '--call-tile': '#44372a',
    '--call-control': '#5a4a38',
    '--call-control-hover': '#6d5b46',
    '--call-control-off': '#fbf7ef',
    '--call-control-active': '#f0c674',
    '--call-speaking': '#f0c674',
    '--call-radius-small': '2px',
    '--call-radius-medium': '4px',
    '--call-radius': '6px',
    '--call-radius-full': '6px',
    '--call-font': 'Georgia, serif',
  },
  Contrast: {
    '--call-surface': '#000000',
    '--call-surface-raised': '#1c1c1c',
    '--call-text': '#ffffff',
    '--call-text-quiet': '#e0e0e0',
    '--call-line': '#ffffff',
    '--call-accept': '#00e676',
    '--call-on-accept': '#000000',
    '--call-danger': '#ff8a80',
    '--call-on-danger': '#000000',
    '--call-accent': '#ffea00',
    '--call-stage': '#000000',
    '--call-on-stage-quiet': '#e0e0e0',
    '--call-control': '#1c1c1c',
    '--call-control-hover': '#444444',
    '--call-control-active': '#ffea00',
    '--call-speaking': '#ffea00',
    '--call-focus-inner': '#000000',
    '--call-focus-outer': '#ffea00',
    '--call-radius-small': '0px',
    '--call-radius-medium': '0px',
    '--call-radius': '0px',
    '--call-radius-full': '0px',
  },
};

/** Sizes of the frame in CSS pixels. Without width: as wide as there is space. */
export const sizes: Readonly<
  Record<string, { readonly label: string; readonly width?: number; readonly height: number }>
> = {
  window: { label: 'Window', height: 640 },
  phone: { label: 'Phone', width: 390, height: 780 },
  narrow: { label: '320 px', width: 320, height: 600 },
  landscape: { label: 'Landscape', width: 667, height: 375 },
  desktop: { label: 'Desktop', width: 1280, height: 800 },
};

/** The name of each language, in that language. */
export const languages: Readonly<Record<string, string>> = Object.fromEntries(
  INCLUDED_LANGUAGES.map((tag) => [
    tag,
    new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag,
  ]),
);
