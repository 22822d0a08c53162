/**
 * Stores the settings of a page in its URL, so that they survive a reload and can be linked to.
 * @param changes values to set; undefined removes a value
 */
export function keepInAddress(changes: Readonly<Record<string, string | undefined>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  // Keeps the URL readable.
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  history.replaceState(null, '', text ? `?${text}` : location.pathname);
}
