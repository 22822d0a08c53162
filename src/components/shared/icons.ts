import { html, noChange, svg, type ChildPart, type TemplateResult } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import type { CallIcon, CallIcons, IconName } from './call-icons.js';
import { developerWarnings } from './developer-warnings.js';

/** An icon of the Lucide set. */
export interface IconNode {
  /** The name by which a page replaces it. */
  readonly name: IconName;
  readonly shapes: IconShapes;
}

/** SVG shapes on a grid of 24 by 24 units. */
export type IconShapes = readonly (readonly [
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
])[];

/** An element whose page may have replaced icons. */
interface IconHost {
  readonly icons?: CallIcons | undefined;
}

/** Reads the icons of the element that renders, so that no template has to pass them on. */
class ReplaceableIcon extends Directive {
  override render(_node: IconNode, _classes: string): unknown {
    return noChange;
  }

  override update(part: ChildPart, [node, classes]: [IconNode, string]): unknown {
    const host = part.options?.host as IconHost | undefined;
    return replacedIcon(node, host?.icons?.[node.name], classes);
  }
}

/** Pages without types may set anything. */
const isDrawable = ({ paths }: { readonly paths?: unknown }): boolean =>
  Array.isArray(paths) && paths.every((path) => typeof path === 'string');

const replaceable = directive(ReplaceableIcon);

/**
 * An icon in the current text colour, or the one of the page in its place. Hidden from screen readers, because each icon
 * has a text or label.
 */
export const icon = (node: IconNode, classes = ''): TemplateResult =>
  html`${replaceable(node, classes)}`;

/**
 * The icon of the page, or that of the kit if there is none or it cannot be drawn.
 * @internal
 */
export function replacedIcon(
  node: IconNode,
  own: CallIcon | undefined,
  classes: string,
  warnings = developerWarnings,
): TemplateResult {
  if (own && isDrawable(own)) return ownIcon(own, classes);
  if (own)
    warnings.warn(
      `ringkit: the icon "${node.name}" of the page is not used: its "paths" must be an array of strings.`,
    );
  return plainIcon(node.shapes, classes);
}

const ownIcon = (
  { paths, viewBox = '0 0 24 24', filled = false }: CallIcon,
  classes: string,
): TemplateResult =>
  svg`<svg class="icon ${filled ? 'filled' : ''} ${classes}" viewBox=${viewBox} aria-hidden="true">
    ${paths.map((path) => svg`<path d=${path}></path>`)}
  </svg>`;

/** An icon that a page can't replace. */
export const plainIcon = (shapes: IconShapes, classes = ''): TemplateResult =>
  svg`<svg class="icon ${classes}" viewBox="0 0 24 24" aria-hidden="true">
    ${shapes.map(([tag, a]) =>
      tag === 'rect'
        ? svg`<rect x=${a['x']} y=${a['y']} width=${a['width']} height=${a['height']} rx=${a['rx']}></rect>`
        : tag === 'circle'
          ? svg`<circle cx=${a['cx']} cy=${a['cy']} r=${a['r']}></circle>`
          : svg`<path d=${a['d']}></path>`,
    )}
  </svg>`;
