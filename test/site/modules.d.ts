declare module 'nspell' {
  interface Speller {
    correct(word: string): boolean;
    add(word: string): Speller;
  }
  export default function nspell(dictionary: unknown): Speller;
}
declare module 'dictionary-en-gb';
