/** Adds a button to an element that copies its text. */
export function addCopyButton(place: HTMLElement): void {
  const text = place.textContent.trim();
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy: ${text.split('\n')[0] ?? ''}`);
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(
      () => (button.textContent = 'Copied'),
      () => (button.textContent = 'Press Ctrl+C'),
    );
  });
  place.append(button);
}
