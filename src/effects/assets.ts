/** @returns the absolute URL of a file in a folder that the page serves; the folder may be given without `/` at its end */
export function assetURL(folder: string, file: string): string {
  return new URL(file, new URL(folder.replace(/\/?$/, '/'), document.baseURI)).href;
}

/** Number of failures for each URL. */
const failures = new Map<string, number>();

/**
 * Loads a script of a library from a folder of the page.
 * @throws an error that tells which file is missing, and from where it must be copied
 */
export async function importAsset(folder: string, file: string, origin: string): Promise<unknown> {
  const url = assetURL(folder, file);
  const failed = failures.get(url) ?? 0;
  // Browsers remember that a module could not be loaded. Another URL is loaded again.
  const attempt = failed ? `${url}?attempt=${failed}` : url;
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ attempt);
  } catch (cause) {
    failures.set(url, failed + 1);
    const advice = `${url} could not be loaded. Serve the files of ${origin} in that folder: see docs/effects.md.`;
    throw new Error(advice, { cause });
  }
}
