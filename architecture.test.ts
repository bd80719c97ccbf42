/** Walls between the rooms: reads the import lines of every source file and fails on an arrow that is not allowed. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Import {
  readonly from: string;
  /** The specifier as written. */
  readonly specifier: string;
  /** Path in the repository, or the npm specifier. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const ROOT = import.meta.dirname;
const SOURCES = ['packages', 'apps', 'scripts', 'bench', 'e2e', 'examples'].flatMap((folder) => filesBelow(folder));
const CODE = SOURCES.filter((file) => /[.](m?ts|tsx|mjs)$/.test(file));
const IMPORTS = CODE.flatMap(importsOf);
const LONGEST = 400;

/** Rooms from which production code of each package may import, besides itself. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'packages/domain': [],
  'packages/contract': ['packages/domain'],
  'apps/server': ['packages/contract', 'packages/domain'],
  'apps/web': ['packages/contract', 'packages/domain'],
};

/** Floors of the server: a file imports from its own floor or one below. `http` and `cli` share a floor, not code. */
const FLOORS: readonly (readonly string[])[] = [
  ['database', 'net'],
  [
    'intake',
    'handoff',
    'evidence',
    'promises',
    'channels',
    'outbox',
    'leaks',
    'agreement',
    'insight',
    'people',
    'records',
    'access',
    'import',
    'demo',
  ],
  ['http', 'cli'],
];

describe('the rooms', () => {
  test('every source file is read', () => {
    expect(CODE.length).toBeGreaterThan(20);
    expect(IMPORTS.length).toBeGreaterThan(CODE.length / 2);
  });

  test('a package imports only what it is allowed to', () => {
    const wrong = IMPORTS.filter(({ from, to }) => {
      const allowed = PACKAGES[packageOf(from)];
      if (allowed === undefined || isTest(from)) return false;
      const target = packageOf(to);
      return target in PACKAGES ? target !== packageOf(from) && !allowed.includes(target) : isOutside(to);
    });
    expect(wrong.map(arrow)).toEqual([]);
  });

  test('the core imports nothing but itself', () => {
    const wrong = IMPORTS.filter(
      ({ from, to }) => isIn(from, 'packages/domain') && !isTest(from) && !isIn(to, 'packages/domain'),
    );
    expect(wrong.map(arrow)).toEqual([]);
  });

  test('between packages the import goes by name, inside one by a relative path with its extension', () => {
    const wrong = IMPORTS.filter(({ from, specifier, to }) => {
      if (specifier.startsWith('.'))
        return packageOf(from) in PACKAGES && packageOf(to) !== packageOf(from) && !isTest(from);
      return specifier.startsWith('@baton/') && packageOf(to) === packageOf(from);
    });
    const bare = IMPORTS.filter(
      ({ specifier }) => specifier.startsWith('.') && !/[.][a-z0-9]+(\?.*)?$/.test(specifier),
    );
    expect([...wrong, ...bare].map(arrow)).toEqual([]);
  });

  test('inside the server imports go down the floors: http and cli, then the rooms, then the database', () => {
    const wrong = IMPORTS.filter(({ from, to }) => {
      if (!isIn(from, 'apps/server/src') || !isIn(to, 'apps/server/src') || isTest(from)) return false;
      const [here, there] = [floorOf(from), floorOf(to)];
      if (here === null || there === null) return false;
      return there > here || (here === FLOORS.length - 1 && there === here && roomOf(from) !== roomOf(to));
    });
    expect(wrong.map(arrow)).toEqual([]);
  });

  test('every room of the server has its floor', () => {
    const rooms = new Set(CODE.filter((file) => isIn(file, 'apps/server/src')).map(roomOf));
    const unknown = [...rooms].filter((room) => room !== null && !FLOORS.flat().includes(room));
    expect(unknown).toEqual([]);
  });

  test('only main, compose and the command line wire things; the rooms below do not know them', () => {
    const wrong = IMPORTS.filter(({ from, to, typeOnly }) => {
      if (typeOnly || isTest(from) || !/^apps\/server\/src\/(config|compose|main)[.]ts$/.test(to)) return false;
      return roomOf(from) !== null && roomOf(from) !== 'cli';
    });
    expect(wrong.map(arrow)).toEqual([]);
  });

  test('nothing imports itself in a circle', () => {
    expect(circles(IMPORTS.filter((one) => !one.typeOnly))).toEqual([]);
  });
});

describe('purity', () => {
  test('the core has no clock, no randomness and no surroundings', () => {
    const banned = /\b(Math\s*\.\s*random|new\s+Date|Date\s*\.\s*now|Intl\s*\.|process\s*\.|import\s*\()/;
    const wrong = CODE.filter(
      (file) => isIn(file, 'packages/domain/src') && !isTest(file) && banned.test(codeOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  test('only config.ts reads the environment', () => {
    const wrong = CODE.filter(
      (file) =>
        (isIn(file, 'apps') || isIn(file, 'packages')) &&
        !isTest(file) &&
        file !== 'apps/server/src/config.ts' &&
        !/(^|\/)[^/]+[.]config[.]ts$/.test(file) &&
        /process\s*[.]\s*env|process\s*\[/.test(codeOf(file)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  test('no drawer for things without a name', () => {
    const wrong = SOURCES.filter((file) => /(^|[/._-])(utils?|helpers?|common|misc)([/._-]|$)/i.test(file));
    expect(wrong).toEqual([]);
  });

  test(`a file longer than ${LONGEST} lines says in its head why it is long`, () => {
    const wrong = CODE.filter((file) => {
      const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
      return lines.length > LONGEST && !/long because/i.test(lines.slice(0, 12).join('\n'));
    });
    expect(wrong).toEqual([]);
  });

  test('the lock file names the optional packages of every platform, without which npm ci refuses it', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const named = Object.keys(lock.packages);
    const wanted = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    const missing = wanted.filter((name) => !named.some((path) => path.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
  });
});

function filesBelow(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(join(ROOT, folder));
  } catch {
    return [];
  }
  return entries
    .filter((name) => !/^(node_modules|dist|dist[.].*|[.].*)$/.test(name))
    .map((name) => `${folder}/${name}`)
    .flatMap((path) => (statSync(join(ROOT, path)).isDirectory() ? filesBelow(path) : [path]));
}

function codeOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '');
}

function importsOf(file: string): Import[] {
  const pattern =
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...codeOf(file).matchAll(pattern)].map(([, type, named, dynamic]) => {
    const specifier = named ?? dynamic ?? '';
    return { from: file, specifier, to: resolved(file, specifier), typeOnly: type !== undefined };
  });
}

function resolved(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier)).replace(/\?.*$/, '');
  const own = /^@baton\/(domain|contract|server|web)\/(.*)$/.exec(specifier);
  if (own === null) return specifier;
  return `${own[1] === 'server' || own[1] === 'web' ? 'apps' : 'packages'}/${own[1]}/src/${own[2]}`;
}

function packageOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** True for a path in the repository that belongs to no package; npm packages and node: are not paths. */
function isOutside(to: string): boolean {
  return /^(scripts|bench|e2e|examples|policies|[.][.])(\/|$)/.test(to) && !to.startsWith('policies/');
}

function roomOf(file: string): string | null {
  const parts = file.split('/');
  return isIn(file, 'apps/server/src') && parts.length > 4 ? (parts[3] ?? null) : null;
}

function floorOf(file: string): number | null {
  const room = roomOf(file);
  const floor = room === null ? -1 : FLOORS.findIndex((rooms) => rooms.includes(room));
  return floor === -1 ? null : floor;
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** Test files, and the programs and set-ups that exist for them (their names begin with `test` or end in a test's). */
function isTest(file: string): boolean {
  return /[.](test|int[.]test|e2e)[.]tsx?$/.test(file) || /\/(test[A-Z][^/]*|holdOpen)[.]ts$/.test(file);
}

function arrow({ from, specifier }: Import): string {
  return `${from} -> ${specifier}`;
}

/** Circles among the imports, each as its path; depth-first search, linear in the imports. */
function circles(imports: readonly Import[]): string[] {
  const arrows = new Map<string, string[]>();
  for (const { from, to } of imports) arrows.set(from, [...(arrows.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of arrows.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of arrows.keys()) visit(file);
  return found;
}
