import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** An instruction of a Dockerfile, such as `COPY --from=build /app ./`. */
export interface Instruction {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The instructions from one FROM to the next. */
export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Reads the syntax of Dockerfiles that this repository uses: comments, continued lines, options, and stages. */
export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, ' ');
  const stages: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines.split('\n').filter((one) => one.trim() !== '')) {
    const [, name = '', flags = '', rest = ''] =
      /^(\w+)((?:\s+--[\w-]+=\S+)*)\s+(.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`This line is not understood: ${line}`);
    const options = Object.fromEntries(
      flags
        .split(/\s+/)
        .filter((flag) => flag !== '')
        .map((flag) => flag.slice(2).split(/=(.*)/s, 2) as [string, string]),
    );
    if (name === 'FROM') {
      const [image = '', , stage] = rest.split(/\s+/);
      stages.push({ image, name: stage, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, options, text: rest });
  }
  return stages;
}

/** The instructions with this name. */
export const instructionsOf = (stage: Stage, name: string): readonly Instruction[] =>
  stage.instructions.filter((instruction) => instruction.name === name);

/** Which files of the context a build sees: the rules of .dockerignore, of which the last one that matches decides. */
export function ignoreRules(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const isException = line.startsWith('!');
      const pattern = (isException ? line.slice(1) : line)
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
      return { isException, matches: new RegExp(`^${pattern}(/|$)`) };
    });
  return (path) => rules.findLast(({ matches }) => matches.test(path))?.isException === false;
}

/** Builds a stage in a folder instead of a container: the folder is the root of its file system. */
export class StageFolder {
  readonly root: string;
  workdir = '/';

  constructor(root: string) {
    this.root = root;
  }

  /** A path of the stage on this machine. */
  path(path: string): string {
    return join(this.root, path.startsWith('/') ? path : join(this.workdir, path));
  }

  /**
   * Runs WORKDIR, COPY and RUN.
   * @param context the folder of sources, and which of them are ignored
   * @param others earlier stages, by name
   */
  build(
    stage: Stage,
    context: { readonly folder: string; readonly isIgnored: (path: string) => boolean },
    others: ReadonlyMap<string, StageFolder> = new Map(),
  ): void {
    for (const { name, options, text } of stage.instructions) {
      if (name === 'WORKDIR') {
        this.workdir = text;
        mkdirSync(this.path('.'), { recursive: true });
      } else if (name === 'COPY') {
        const from = options['from'];
        const [sources, target] = splitCopy(text);
        for (const source of sources) {
          if (from === undefined) this.#copyFromContext(source, target, context);
          else cpSync(stageOf(others, from).path(source), this.path(target), COPY);
        }
      } else if (name === 'RUN') {
        // Absolute paths of the container.
        const command = text.replace(/(^|\s)\/(?=\w)/g, `$1${this.root}/`);
        execFileSync('sh', ['-c', command], {
          cwd: this.path('.'),
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
        });
      }
    }
  }

  #copyFromContext(
    source: string,
    target: string,
    {
      folder,
      isIgnored,
    }: { readonly folder: string; readonly isIgnored: (path: string) => boolean },
  ): void {
    const from = join(folder, source);
    if (!existsSync(from) || isIgnored(source)) throw new Error(`COPY finds no ${source}.`);
    const to = target.endsWith('/') ? join(target, basename(source)) : target;
    cpSync(from, this.path(to === './' ? basename(source) : to), {
      ...COPY,
      filter: (path) => path === from || !isIgnored(relative(folder, path)),
    });
  }
}

const COPY = { recursive: true, verbatimSymlinks: true } as const;

/** The sources and the target of COPY. */
export function splitCopy(text: string): readonly [sources: readonly string[], target: string] {
  const paths = text.split(/\s+/);
  return [paths.slice(0, -1), paths.at(-1) ?? ''];
}

function stageOf(stages: ReadonlyMap<string, StageFolder>, name: string): StageFolder {
  const stage = stages.get(name);
  if (!stage) throw new Error(`There is no earlier stage "${name}".`);
  return stage;
}

export const readText = (file: string): string => readFileSync(file, 'utf8');
