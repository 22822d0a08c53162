import { svg, type TemplateResult } from 'lit';

/** An icon of the Lucide set: its shapes, on a grid of 24 by 24 units. */
export type IconNode = readonly (readonly [
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
])[];

/** An icon in the current text colour. Hidden from screen readers, because each icon has a text or label. */
export function icon(node: IconNode, classes = ''): TemplateResult {
  return svg`<svg class="icon ${classes}" viewBox="0 0 24 24" aria-hidden="true">
    ${node.map(([tag, a]) =>
      tag === 'rect'
        ? svg`<rect x=${a['x']} y=${a['y']} width=${a['width']} height=${a['height']} rx=${a['rx']}></rect>`
        : tag === 'circle'
          ? svg`<circle cx=${a['cx']} cy=${a['cy']} r=${a['r']}></circle>`
          : svg`<path d=${a['d']}></path>`,
    )}
  </svg>`;
}
