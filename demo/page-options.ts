import { readPhoneOptions, type PhoneOptions } from './phone-options.js';

/** Set on pages of a site that has no signalling server. */
const withoutServer = document.querySelector<HTMLMetaElement>('meta[name="signaling"]');

/** Whether the server of this page is a signalling server, too. */
export const hasServer = !withoutServer;

/** The options in the URL of this page. */
export const pageOptions = (): PhoneOptions =>
  readPhoneOptions(location.search, withoutServer?.content);
