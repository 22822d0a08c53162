import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile as compileSvelte } from 'svelte/compiler';
import * as vue from 'vue/compiler-sfc';
import { compile, type VirtualModule } from './compile.js';
import { documentedNames } from './documented-names.js';
import { faultsOf } from './html-example.js';
import { codeBlocks, markdownFiles, readMarkdown, type CodeBlock } from './markdown.js';
import { createProgram } from './public-api.js';

const program = createProgram();

interface PlacedBlock extends CodeBlock {
  readonly place: string;
}

/** Code blocks of texts about using ringkit. A block with `no-check` shows code of others. */
function blocks(): PlacedBlock[] {
  return markdownFiles()
    .filter((file) => !/^(CHANGELOG|CONTRIBUTING)|decisions/.test(file))
    .flatMap((file) =>
      codeBlocks(readMarkdown(file)).map((block) => ({
        ...block,
        place: `${file}:${block.line}`,
      })),
    )
    .filter(({ info }) => !info.includes('no-check'));
}

/** The script of a component of Vue or Svelte. */
const scriptOf = (component: string): string =>
  /<script[^>]*>\n([^]*?)<\/script>/.exec(component)?.[1] ?? '';

/** Code in this block that the TypeScript compiler checks. */
function typedModule({ language, code }: CodeBlock): VirtualModule | undefined {
  if (language === 'ts' || language === 'tsx' || language === 'js') return { code, type: language };
  return language === 'vue' ? { code: scriptOf(code), type: 'ts' } : undefined;
}

/** Errors in a block that are found without types. */
function syntaxFaults({ language, code }: CodeBlock): string[] {
  try {
    switch (language) {
      case 'html':
        return faultsOf(code, program);
      case 'json':
        JSON.parse(code);
        return [];
      case 'svelte':
        compileSvelte(code, { generate: 'client', filename: 'Example.svelte' });
        return [];
      case 'vue': {
        const { descriptor, errors } = vue.parse(code);
        const { content = '' } = descriptor.template ?? {};
        const template = vue.compileTemplate({
          ...{ source: content, filename: 'Example.vue', id: 'example' },
          compilerOptions: { isCustomElement: (tag) => tag.includes('-') },
        });
        return [...errors, ...template.errors].map(String);
      }
      default:
        return [];
    }
  } catch (error) {
    return [String(error)];
  }
}

/** Messages of the compiler for modules of one language. In JavaScript, types are checked where they are known. */
const compileBlocks = (modules: readonly VirtualModule[]): Map<number, string[]> =>
  compile(
    program,
    modules,
    documentedNames,
    modules[0]?.type === 'js' ? { strict: false, noUncheckedIndexedAccess: false } : {},
  );

describe('the code blocks of the documentation', () => {
  it('compile: TypeScript, JavaScript, HTML, components and JSON', () => {
    const all = blocks();
    assert.ok(all.length > 50, `${all.length} code blocks`);
    const faults = all.flatMap((block) =>
      syntaxFaults(block).map((fault) => `${block.place}: ${fault}`),
    );
    const typed = all.flatMap((block) => {
      const module = typedModule(block);
      return module ? [{ ...block, module }] : [];
    });
    for (const types of [['ts', 'tsx'], ['js']]) {
      const chosen = typed.filter(({ module }) => types.includes(module.type));
      for (const [index, messages] of compileBlocks(chosen.map(({ module }) => module))) {
        faults.push(`${chosen[index]?.place ?? ''}: ${messages.join(' | ')}`);
      }
    }
    assert.deepEqual(faults, []);
  });

  it('are checked: errors in them are reported', () => {
    const fault = (language: string, code: string): CodeBlock => ({
      ...{ language, code },
      ...{ info: '', line: 1 },
    });
    for (const block of [
      fault('html', '<start-call-button calles="bob"></start-call-button>'),
      fault('json', '{'),
      fault('svelte', '{#if}'),
      fault('vue', '<template><p v-if></template>'),
    ]) {
      assert.equal(syntaxFaults(block).length > 0, true, block.language);
    }
    const wrong = { code: "calls.service.send({ invitees: 'bob' });", type: 'js' } as const;
    assert.equal(compileBlocks([wrong]).size, 1);
  });
});
