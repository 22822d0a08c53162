import type { MissedCallConfig, MissedCallRecord, MissedCallsHost } from '../ports/missed-calls.js';
import type { Notice } from '../ports/notifier.js';
import { toEntry } from './missed-call-records.js';

/**
 * The notification for a missed call.
 * @param time relates the record's time to that of this device
 * @param report hears what a function of the page threw: then the localized words are shown
 * @returns nothing when the page wants none
 */
export function missedNotice(
  record: MissedCallRecord,
  config: MissedCallConfig,
  time: MissedCallsHost['serverTime'],
  report: (error: unknown) => void,
): Notice | undefined {
  if (config.enabled === false) return undefined;
  const entry = toEntry(record, time);
  const words = (which: 'notificationTitle' | 'notificationMessage'): string | undefined => {
    try {
      return config[which]?.(entry) || undefined;
    } catch (error) {
      report(error);
      return undefined;
    }
  };
  const { callID, caller, callType, at } = entry;
  return {
    ...{ kind: 'missed', callID, caller, callType, group: record.group, at },
    dialBack: config.enableDialBack !== false,
    resourceID: config.resourceID ?? record.resourceID,
    title: words('notificationTitle'),
    message: words('notificationMessage'),
  };
}
