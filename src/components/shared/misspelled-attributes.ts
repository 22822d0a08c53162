import type { LitElement } from 'lit';
import { CallError } from '../../core/service/call-error.js';

/**
 * Reports attributes that are written like a property, which the element does not read: HTML writes `userID="alice"` as
 * `userid`, and server rendering of frameworks writes properties as attributes.
 * @param report called after the current update with an error for each attribute, which names what to write instead
 */
export async function reportMisspelledAttributes(
  element: LitElement,
  report: (error: CallError) => void,
): Promise<void> {
  const { elementProperties } = element.constructor as typeof LitElement;
  // Handlers may change the element, and properties that were set before the upgrade are applied by then.
  await element.updateComplete;
  for (const [name, { attribute, state }] of elementProperties) {
    const property = String(name);
    const written = property.toLowerCase();
    const isRead = typeof attribute === 'string' ? attribute === written : attribute !== false;
    if (state || isRead || !element.hasAttribute(written)) continue;
    const instead = attribute === false ? '' : `write ${String(attribute)}, or `;
    report(
      new CallError(
        'invalid-argument',
        `${element.localName} has no attribute ${written}: ${instead}set the property ${property} in a script.`,
      ),
    );
  }
}
