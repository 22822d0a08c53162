/** The playground: every element in every state, without a server or camera. */
import { html, nothing, render, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { catalogue, find, type AttributeControl } from './catalogue.js';
import { languages, sizes, themes, tokenGroups, type Token } from './controls.js';
import { readConfig, readState, writeState, type PlaygroundState } from './playground-state.js';
import { shownCode } from './shown-code.js';

const place = document.querySelector('#playground') as HTMLElement;
const frame = createRef<HTMLIFrameElement>();
const around = createRef<HTMLElement>();
/** Marks the fragment of a playground that is a part of another page. */
const EMBEDDED = /(^#|&)embedded(?=&|$)/;
const embedded = EMBEDDED.test(location.hash);
const onlyTheme = /view=theme/.test(location.hash);
let state = readState(location.hash);
let copied = false;

document.body.classList.toggle('embedded', embedded);
document.body.classList.toggle('only-theme', onlyTheme);

function change(changes: Partial<PlaygroundState>): void {
  state = { ...state, ...changes };
  copied = false;
  const extra = `${onlyTheme ? '&view=theme' : ''}${embedded ? '&embedded' : ''}`;
  const text = `${writeState(state)}${extra}`;
  history.replaceState(null, '', text ? `#${text}` : location.pathname);
  update();
}

/** Shows the state in the frame, without loading it again. */
function showInFrame(): void {
  frame.value?.contentWindow?.postMessage(writeState(state), location.origin);
}

function update(): void {
  render(page(), place);
  showInFrame();
  fit();
}

/** Makes the frame smaller if there is too little space for its size. */
function fit(): void {
  const { width, height } = sizes[state.size] ?? { height: 640 };
  const [outer, inner] = [around.value, frame.value];
  if (!outer || !inner) return;
  const scale = width === undefined ? 1 : Math.min(1, outer.clientWidth / width);
  inner.style.inlineSize = width === undefined ? '100%' : `${width}px`;
  inner.style.blockSize = `${height}px`;
  inner.style.scale = String(scale);
  outer.style.blockSize = `${height * scale}px`;
}

const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;

function choose(element: string, scene: string): void {
  // Attributes and config belong to the element.
  const same = element === find(state.element, '').element.tag;
  change({ element, scene, config: '', ...(same ? {} : { attributes: {} }) });
}

function navigation(): TemplateResult {
  const { element, scene } = find(state.element, state.scene);
  return html`<nav aria-label="Elements and states">
    <label class="short"
      ><span>State</span
      ><select
        @change=${(event: Event) => choose(...(valueOf(event).split(' ') as [string, string]))}
      >
        ${catalogue.map(
          (each) =>
            html`<optgroup label=${each.tag}>
              ${each.scenes.map(
                ({ id, title }) =>
                  html`<option
                    value="${each.tag} ${id}"
                    .selected=${each === element && id === scene.id}
                  >
                    ${each.tag}: ${title}
                  </option>`,
              )}
            </optgroup>`,
        )}
      </select></label
    >
    <ul class="long">
      ${catalogue.map(
        (each) =>
          html`<li>
            <button
              class="tag"
              aria-expanded=${each === element}
              @click=${() => choose(each.tag, each.scenes[0]?.id ?? '')}
            >
              <code>${each.tag}</code><span class="count">${each.scenes.length}</span>
            </button>
            ${
              each === element
                ? html`<ul>
                    ${each.scenes.map(
                      ({ id, title }) =>
                        html`<li>
                          <button
                            class="scene"
                            aria-current=${id === scene.id ? 'true' : nothing}
                            @click=${() => choose(each.tag, id)}
                          >
                            ${title}
                          </button>
                        </li>`,
                    )}
                  </ul>`
                : nothing
            }
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** Radio buttons with the appearance of one switch. */
const choice = (
  label: string,
  name: 'size' | 'scheme',
  options: readonly (readonly [string, string])[],
): TemplateResult =>
  html`<div class="choice" role="radiogroup" aria-label=${label}>
    ${options.map(
      ([value, text]) =>
        html`<label
          ><input
            type="radio"
            name=${name}
            value=${value}
            .checked=${state[name] === value}
            @change=${() => change({ [name]: value })}
          />${text}</label
        >`,
    )}
  </div>`;

const sizeChoices = Object.entries(sizes).map(([value, { label }]) => [value, label] as const);

function toolbar(): TemplateResult {
  return html`<div class="toolbar">
    ${onlyTheme ? nothing : choice('Size', 'size', sizeChoices)}
    ${choice('Colour scheme', 'scheme', [
      ['', 'System'],
      ['light', 'Light'],
      ['dark', 'Dark'],
    ])}
    <label class="select"
      ><span class="unseen">Language</span
      ><select @change=${(event: Event) => change({ lang: valueOf(event) })}>
        ${Object.entries(languages).map(
          ([value, name]) =>
            html`<option value=${value} lang=${value} .selected=${value === state.lang}>
              ${name}
            </option>`,
        )}
      </select></label
    >
  </div>`;
}

function setAttribute(name: string, value: string | undefined): void {
  const { [name]: _, ...rest } = state.attributes;
  change({ attributes: value === undefined ? rest : { ...rest, [name]: value } });
}

function attributeControl({ name, type, value = '' }: AttributeControl): TemplateResult {
  const current = state.attributes[name];
  if (type === 'boolean') {
    return html`<label class="check"
      ><input
        type="checkbox"
        .checked=${current !== undefined}
        @change=${(event: Event) =>
          setAttribute(name, (event.target as HTMLInputElement).checked ? '' : undefined)}
      /><code>${name}</code></label
    >`;
  }
  const input =
    type === 'text'
      ? html`<input
          autocomplete="off"
          spellcheck="false"
          .value=${current ?? value}
          @change=${(event: Event) => setAttribute(name, valueOf(event) || undefined)}
        />`
      : html`<select @change=${(event: Event) => setAttribute(name, valueOf(event))}>
          ${type.map((one) => html`<option .selected=${one === current}>${one}</option>`)}
        </select>`;
  return html`<label class="field"><code>${name}</code>${input}</label>`;
}

function propertiesPanel(): TemplateResult {
  const { element, scene } = find(state.element, state.scene);
  const config = state.config || JSON.stringify(scene.config ?? {}, null, 2);
  const isValid = readConfig(config) !== undefined;
  return html`<section class="panel" aria-labelledby="attributes-title">
    <h2 id="attributes-title">Attributes and options</h2>
    ${
      element.attributes
        ? repeat(element.attributes, ({ name }) => `${element.tag} ${name}`, attributeControl)
        : html`<p class="quiet">This element has no attributes of its own.</p>`
    }
    <label class="field wide"
      ><span><code>config</code> of the provider, as JSON</span
      ><textarea
        rows="4"
        spellcheck="false"
        aria-invalid=${!isValid}
        .value=${config}
        @change=${(event: Event) => change({ config: valueOf(event) })}
      ></textarea>
      ${isValid ? nothing : html`<span class="bad">This is not JSON. The scene’s own is used.</span>`}
    </label>
  </section>`;
}

function setToken(name: string, value: string): void {
  const { [name]: _, ...rest } = state.tokens;
  change({ tokens: value ? { ...rest, [name]: value } : rest });
}

function tokenControl(token: Token): TemplateResult {
  const { name, type } = token;
  const value = state.tokens[name];
  if (type === 'color') {
    return html`<input
      type="color"
      class=${value === undefined ? 'unset' : ''}
      .value=${value ?? '#808080'}
      @input=${(event: Event) => setToken(name, valueOf(event))}
    />`;
  }
  if (type === 'length') {
    const { standard, max } = token;
    return html`<input
      type="range"
      min="0"
      max=${max}
      .value=${String(Number.parseInt(value ?? `${standard}`))}
      @input=${(event: Event) => setToken(name, `${valueOf(event)}px`)}
    />`;
  }
  return html`<input
    placeholder="system-ui"
    .value=${value ?? ''}
    @change=${(event: Event) => setToken(name, valueOf(event))}
  />`;
}

function tokensPanel(): TemplateResult {
  return html`<section class="panel" aria-labelledby="tokens-title">
    <h2 id="tokens-title">Theme</h2>
    <div class="themes">
      ${Object.entries(themes).map(
        ([name, tokens]) =>
          html`<button class="act" @click=${() => change({ tokens })}>${name}</button>`,
      )}
    </div>
    ${tokenGroups.map(
      ({ title, tokens }) =>
        html`<fieldset>
          <legend>${title}</legend>
          ${tokens.map(
            (token) =>
              html`<label class="field ${token.type}" title=${token.name}
                ><span>${token.label}</span>${tokenControl(token)}</label
              >`,
          )}
        </fieldset>`,
    )}
  </section>`;
}

/** Without access to the clipboard, as in some frames, the code is selected instead. */
async function copy(code: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(code);
    copied = true;
    render(page(), place);
  } catch {
    const shown = document.querySelector('.code pre');
    if (shown) getSelection()?.selectAllChildren(shown);
  }
}

function codePanel(): TemplateResult {
  const { element, scene } = find(state.element, state.scene);
  const config = readConfig(state.config) ?? scene.config ?? {};
  const code = shownCode({ ...state, element, config });
  return html`<section class="code" aria-labelledby="code-title">
    <header>
      <h2 id="code-title">Code</h2>
      <button class="act" @click=${() => copy(code)}>${copied ? 'Copied' : 'Copy'}</button>
    </header>
    <pre tabindex="0"><code>${code}</code></pre>
  </section>`;
}

function page(): TemplateResult {
  const { element, scene } = find(state.element, state.scene);
  return html`${
      embedded
        ? nothing
        : html`<header class="top">
            <a class="brand" href="../"
              ><img src=${new URL('../icon.svg', import.meta.url).href} alt="" />ringkit</a
            >
            <h1>Playground</h1>
            <p>Every element in every state, without a server or camera.</p>
          </header>`
    }
    <div class="columns">
      ${navigation()}
      <main class="shown">
        ${embedded ? html`<h1 class="unseen">Playground</h1>` : nothing} ${toolbar()}
        <p class="when">
          <code>&lt;${element.tag}&gt;</code> <strong>${scene.title}</strong>
          ${scene.when ?? nothing}
        </p>
        <div class="around" ${ref(around)}>
          <iframe
            ${ref(frame)}
            title="${element.tag}: ${scene.title}"
            src="stage.html"
            @load=${showInFrame}
          ></iframe>
        </div>
        ${onlyTheme ? nothing : codePanel()}
      </main>
      <aside aria-label="Controls">
        ${onlyTheme ? nothing : propertiesPanel()} ${tokensPanel()}
        ${onlyTheme ? codePanel() : nothing}
      </aside>
    </div>`;
}

window.addEventListener('hashchange', () => {
  state = readState(location.hash);
  update();
});
update();
new ResizeObserver(fit).observe(around.value as HTMLElement);
