import type { MissedCallConfig, MissedCallEntry } from '../ports/missed-calls.js';
import type { Notice } from '../ports/notifier.js';

/** A missed call as pages see it, with two more fields that a notification needs. */
export interface MissedCall {
  readonly entry: MissedCallEntry;
  /** Whether it is a group call: more than two members. */
  readonly group: boolean;
  readonly resourceID: string | undefined;
}

/**
 * @param report receives what a function of the page threw; the notification then has the localized text
 * @returns the notification of a missed call; undefined if the page has disabled these notifications
 */
export function missedCallNotification(
  { entry, group, resourceID }: MissedCall,
  config: MissedCallConfig,
  report: (error: unknown) => void,
): Notice | undefined {
  if (config.enabled === false) return undefined;
  const customText = (which: 'notificationTitle' | 'notificationMessage'): string | undefined => {
    try {
      return config[which]?.(entry) || undefined;
    } catch (error) {
      report(error);
      return undefined;
    }
  };
  const { callID, caller, callType, at } = entry;
  return {
    ...{ kind: 'missed', callID, caller, callType, group, at },
    dialBack: config.enableDialBack !== false,
    resourceID: config.resourceID ?? resourceID,
    title: customText('notificationTitle'),
    message: customText('notificationMessage'),
  };
}
