import { placeMemory } from '../../src/components/shared/view-place.js';

/** Forgets where the user has placed views: the tests of a folder share a page, and with it session storage and memory. */
export function forgetPlaces(): void {
  sessionStorage.clear();
  placeMemory.reset();
}
