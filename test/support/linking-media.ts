import type { CallMedia, LinkRef, MediaEvent } from '../../src/core/ports/media.js';
import { createRecordingMedia } from './recording-media.js';

/** A link as the media see it, with the signals that it received. */
export interface FakeLink extends LinkRef {
  readonly signals: Readonly<Record<string, unknown>>[];
  isUp: boolean;
}

/**
 * Media without capture. A link connects after one offer and one answer. Both carry the user who sent them (`of`).
 */
export interface LinkingMedia extends CallMedia {
  /** Open links, in the order in which they were opened. */
  readonly links: FakeLink[];
  /** Every link that was ever opened. */
  readonly built: FakeLink[];
}

/** An event of a link. */
type LinkEvent =
  | { readonly type: 'link-up' }
  | { readonly type: 'signal'; readonly data: Record<string, unknown> };

interface Address {
  readonly user?: string;
  readonly device: string;
  readonly link: number;
}

/** The first arguments of `signal` and `closeLink`: an address, or a device and the number of a link. */
const addressOf = (args: readonly unknown[]): Address => {
  const [first, link] = args;
  return typeof first === 'string'
    ? { device: first, link: Number(link) }
    : (first as Required<Address>);
};

export function createLinkingMedia(self: string): LinkingMedia {
  const media = createRecordingMedia();
  const links: FakeLink[] = [];
  const built: FakeLink[] = [];

  const emit = ({ callID, user, device, link }: FakeLink, more: LinkEvent): void => {
    // The fields that identify a link are defined by the port.
    const event: unknown = { callID, user, device, link, ...more };
    queueMicrotask(() => media.emit(event as MediaEvent));
  };
  const find = ({ user, device, link }: Address): FakeLink | undefined =>
    links.find(
      (one) =>
        one.device === device && one.link === link && (user === undefined || one.user === user),
    );
  const remove = (link: FakeLink | undefined): void => {
    if (link) links.splice(links.indexOf(link), 1);
  };
  const describe = (link: FakeLink, type: 'offer' | 'answer'): void =>
    emit(link, { type: 'signal', data: { type, of: self } });
  const up = (link: FakeLink): void => {
    link.isUp = true;
    emit(link, { type: 'link-up' });
  };

  return Object.assign(media, {
    links,
    built,
    openLink(ref: LinkRef): void {
      const older = links.find(({ user, device }) => user === ref.user && device === ref.device);
      if (older?.link === ref.link) return;
      remove(older);
      const link: FakeLink = { ...ref, signals: [], isUp: false };
      links.push(link);
      built.push(link);
      if (link.initiator) describe(link, 'offer');
    },
    signal(...args: readonly unknown[]): void {
      const link = find(addressOf(args));
      const data = args.at(-1) as Record<string, unknown>;
      if (!link) return;
      link.signals.push(data);
      if (data['type'] === 'offer' && !link.initiator) {
        describe(link, 'answer');
        up(link);
      } else if (data['type'] === 'answer' && link.initiator) {
        up(link);
      }
    },
    closeLink(...args: readonly unknown[]): void {
      remove(find(addressOf(args)));
    },
    close(): void {
      links.length = 0;
    },
  });
}
