/** A place that can ask the user to turn on notifications. */
interface AskingPlace {
  /** Called when another place begins or stops to ask. */
  readonly onAskChanged: () => void;
}

/** The places that want to ask. Only the first one does. */
const places: AskingPlace[] = [];

function notifyOthers(changed: AskingPlace): void {
  for (const place of places) if (place !== changed) place.onAskChanged();
}

/** Lets only one place of the page ask the user to turn on notifications at the same time. */
export const notificationAsk = {
  /**
   * @param isWanted whether this place wants to ask
   * @param isFirst whether it asks before those that want to already
   */
  set(place: AskingPlace, isWanted: boolean, isFirst = false): void {
    const index = places.indexOf(place);
    if (isWanted === index >= 0) return;
    if (!isWanted) places.splice(index, 1);
    else if (isFirst) places.unshift(place);
    else places.push(place);
    notifyOthers(place);
  },
  isAsking: (place: AskingPlace): boolean => places[0] === place,
};
