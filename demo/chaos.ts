/** What can be done to the messages on their way to a phone, and to its connection. */
export const HARMS = ['delay', 'repeat', 'reorder', 'cut'] as const;

export type Harm = (typeof HARMS)[number];

export const isHarm = (value: unknown): value is Harm =>
  (HARMS as readonly unknown[]).includes(value);

/** What the address of a page names, as `delay,cut`. Whatever else it names is left out. */
export const readHarms = (text: string): Harm[] => {
  const named = text.split(',');
  return HARMS.filter((harm) => named.includes(harm));
};
