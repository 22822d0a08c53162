import type { DeviceProblem } from '../ports/media.js';

/** What the browser tells about the access of this page to a kind of device. */
export interface DeviceAccess {
  /** Whether the page is a secure context. Others have no media devices. */
  readonly secure: boolean;
  /** Whether the Permissions Policy of the page and its frames allows the device; undefined: unknown. */
  readonly allowedByPolicy: boolean | undefined;
  /** The decision of the user; undefined: unknown. */
  readonly permission: PermissionState | undefined;
}

/**
 * Finds out why a microphone or camera could not be opened (W3C Media Capture and Streams, `getUserMedia`).
 * @param error the rejection of `getUserMedia`
 */
export function deviceProblemOf(
  error: { readonly name: string; readonly message: string },
  { secure, allowedByPolicy, permission }: DeviceAccess,
): DeviceProblem {
  if (!secure) return 'insecure';
  switch (error.name) {
    case 'NotAllowedError':
      if (allowedByPolicy === false) return 'policy';
      // Chromium: "Permission denied by system". Other browsers: the page has the permission, the browser has not.
      if (/by system/i.test(error.message) || permission === 'granted') return 'system';
      return permission === 'prompt' ? 'dismissed' : 'denied';
    case 'SecurityError':
      return 'policy';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      return 'failed';
  }
}
