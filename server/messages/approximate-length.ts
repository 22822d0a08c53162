/** Estimates the length of a value as JSON, in UTF-16 code units, without serializing it. The caller has checked its depth. */
export function approximateLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  let length = 2;
  for (const key in value) {
    length += key.length + 4 + approximateLength((value as Readonly<Record<string, unknown>>)[key]);
  }
  return length;
}
