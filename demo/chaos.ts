/** Network faults: of messages to a phone, or of its connection (`cut`). */
export const HARMS = ['delay', 'repeat', 'reorder', 'cut'] as const;

export type Harm = (typeof HARMS)[number];

export const isHarm = (value: unknown): value is Harm =>
  (HARMS as readonly unknown[]).includes(value);

/** Reads the faults in the URL of a page, for example `delay,cut`. Ignores unknown names. */
export const readHarms = (text: string): Harm[] => {
  const named = text.split(',');
  return HARMS.filter((harm) => named.includes(harm));
};
