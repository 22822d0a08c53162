/**
 * A page's icon in place of one of the kit. It has the size and the colour of the icon that it replaces.
 *
 * @example
 * ```ts
 * import type { CallIcons } from 'ringkit';
 *
 * const icons: CallIcons = {
 *   phone: { paths: ['M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2'] },
 * };
 * document.querySelector('call-invitation-provider')!.icons = icons;
 * ```
 */
export interface CallIcon {
  /** Data of SVG paths: the values of their `d` attributes. */
  readonly paths: readonly string[];
  /** Grid of the paths. Default `0 0 24 24`. */
  readonly viewBox?: string;
  /** Whether the paths are areas. Default `false`: they are lines, 2 units wide on the grid of 24 by 24. */
  readonly filled?: boolean;
}

/** The names of the icons: those of the Lucide icons that the kit shows. */
export type IconName =
  | 'ban'
  | 'bell'
  | 'bell-off'
  | 'bell-ring'
  | 'chevron-down'
  | 'download'
  | 'ellipsis'
  | 'eye'
  | 'grip-vertical'
  | 'maximize'
  | 'maximize-2'
  | 'message-square-text'
  | 'mic'
  | 'mic-off'
  | 'minimize'
  | 'minimize-2'
  | 'monitor-up'
  | 'pause'
  | 'phone'
  | 'phone-incoming'
  | 'phone-missed'
  | 'phone-outgoing'
  | 'picture-in-picture-2'
  | 'pin'
  | 'play'
  | 'settings-2'
  | 'shield-check'
  | 'switch-camera'
  | 'trash'
  | 'user-round-plus'
  | 'video'
  | 'video-off'
  | 'wifi-off'
  | 'x';

/** Icons of the page by the names of those that they replace. */
export type CallIcons = Readonly<Partial<Record<IconName, CallIcon>>>;
