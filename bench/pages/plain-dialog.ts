/** A minimal dialog: a box with a name and a button, without style. */
export interface PlainDialog {
  readonly element: HTMLElement;
  show(caller: string): void;
  hide(): void;
  /** Clicks the accept button. */
  press(): void;
}

export function createPlainDialog(onAccept: () => void): PlainDialog {
  const element = document.createElement('div');
  const name = document.createElement('p');
  const button = document.createElement('button');
  element.hidden = true;
  button.textContent = 'Accept';
  button.addEventListener('click', () => {
    element.hidden = true;
    onAccept();
  });
  element.append(name, button);
  document.body.append(element);
  return {
    element,
    show(caller) {
      name.textContent = `${caller} is calling`;
      element.hidden = false;
    },
    hide() {
      element.hidden = true;
    },
    press: () => button.click(),
  };
}
