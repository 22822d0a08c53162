import type { CallSnapshot, LocalMediaSnapshot } from '../../core/service/types.js';
import type { DeviceProblem } from '../../locales/en.js';
import type { CallHost } from './context.js';
import type { Texts } from './language.js';

/** Why a source could not be had, from the name of the browser's error. */
function problem(host: CallHost, kind: 'microphone' | 'camera'): DeviceProblem {
  if (!globalThis.isSecureContext) return 'insecure';
  switch (host.faults.get(kind)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'blocked';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'missing';
  }
}

/** What the others don't hear or see, and why; undefined when all is well. The camera counts in a video call. */
export function deviceNote(
  host: CallHost | undefined,
  call: CallSnapshot,
  local: LocalMediaSnapshot | undefined,
  texts: Texts,
): string | undefined {
  if (!host || !local) return undefined;
  const microphone = local.microphone === 'unavailable' && problem(host, 'microphone');
  const faulty = call.callType === 'video' || host.faults.has('camera');
  const camera = faulty && local.camera === 'unavailable' && problem(host, 'camera');
  if (microphone && camera === microphone) return texts.noDevices(microphone);
  const notes = [
    microphone ? texts.noMicrophone(microphone) : '',
    camera ? texts.noCamera(camera) : '',
  ];
  return notes.filter((note) => note).join('. ') || undefined;
}
