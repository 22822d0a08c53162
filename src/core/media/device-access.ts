import type { DeviceAccess } from './device-problem.js';

type Kind = 'microphone' | 'camera';

/** Only Chromium has it, under this former name of the Permissions Policy. */
interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(feature: string): boolean };
}

async function permissionOf(kind: Kind): Promise<PermissionState | undefined> {
  try {
    const permissions = navigator.permissions as Permissions | undefined;
    return (await permissions?.query({ name: kind }))?.state;
  } catch {
    // The browser does not support this name.
    return undefined;
  }
}

/** Asks the browser which access this page has. Never rejects, and opens no prompt. */
export async function browserAccess(kind: Kind): Promise<DeviceAccess> {
  return {
    secure: globalThis.isSecureContext,
    allowedByPolicy: (document as PolicyDocument).featurePolicy?.allowsFeature(kind),
    permission: await permissionOf(kind),
  };
}
