/**
 * The address of a page says what is chosen on it: so a choice survives a reload, and can be linked to.
 * @param changes what is to stand in it; what is undefined is left out
 */
export function keepInAddress(changes: Readonly<Record<string, string | undefined>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  // As readable as somebody would type it.
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  history.replaceState(null, '', text ? `?${text}` : location.pathname);
}
