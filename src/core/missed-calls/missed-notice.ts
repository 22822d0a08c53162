import type { MissedCallConfig, MissedCallRecord } from '../ports/missed-calls.js';
import type { Notice } from '../ports/notifier.js';
import { toEntry } from './records.js';

/**
 * The notification for a missed call.
 * @param report hears what a function of the page threw: then the localized words are shown
 * @returns nothing when the page wants none
 */
export function missedNotice(
  record: MissedCallRecord,
  config: MissedCallConfig,
  report: (error: unknown) => void,
): Notice | undefined {
  if (config.enabled === false) return undefined;
  const words = (which: 'notificationTitle' | 'notificationMessage'): string | undefined => {
    try {
      return config[which]?.(toEntry(record)) || undefined;
    } catch (error) {
      report(error);
      return undefined;
    }
  };
  const { callID, caller, callType, group, at } = record;
  return {
    ...{ kind: 'missed', callID, caller, callType, group, at },
    dialBack: config.enableDialBack !== false,
    resourceID: config.resourceID ?? record.resourceID,
    title: words('notificationTitle'),
    message: words('notificationMessage'),
  };
}
