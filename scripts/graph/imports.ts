import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync, Visitor } from 'rolldown/utils'

export interface Import {
  /** The importing file, relative to the top of the project. */
  readonly from: string
  /** The imported file, a path like `from`, or the name of a package as written. */
  readonly to: string
  /** `import type`, `export type` and `import('…').Name`, which do not exist at run time. */
  readonly typeOnly: boolean
}

/** The TypeScript files of folders of a project, as paths relative to its top and sorted. */
export function sourcesIn(top: string, folders: readonly string[]): string[] {
  return folders
    .flatMap(folder =>
      readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' }).map(name =>
        posix.join(folder, slashes(name)),
      ),
    )
    .filter(file => file.endsWith('.ts'))
    .sort()
}

/**
 * Everything that a file imports or re-exports, in the order in which it is written. The parser lists declarations by itself; its tree is
 * only asked for if the text has an `import(…)`, because making the tree takes three times as long as parsing.
 */
export function importsOf(top: string, file: string): Import[] {
  const text = readFileSync(join(top, file), 'utf8')
  const parsed = parseSync(file, text)
  const found: (Import & { readonly start: number })[] = []
  const add = (start: number, written: string, typeOnly: boolean) => {
    const to = written.startsWith('.') ? posix.join(slashes(dirname(file)), written) : written
    found.push({ from: file, to, typeOnly, start })
  }
  const declare = (start: number, written: string) => add(start, written, ofTypes.test(text.slice(start, start + 60)))
  for (const { start, moduleRequest } of parsed.module.staticImports) declare(start, moduleRequest.value)
  for (const { start, entries } of parsed.module.staticExports) {
    const source = entries.find(({ moduleRequest }) => moduleRequest)?.moduleRequest
    // The parser lists `export { a }` of an imported name, too, at the place of that import.
    if (source && text.startsWith('export', start)) declare(start, source.value)
  }
  if (/\bimport\s*\(/.test(text)) {
    new Visitor({
      // A computed name cannot be drawn; test/architecture.test.ts lists these places.
      ImportExpression: ({ start, source }) => {
        if (source.type === 'Literal' && typeof source.value === 'string') add(start, source.value, false)
      },
      TSImportType: ({ start, source }) => add(start, source.value, true),
    }).visit(parsed.program)
  }
  return found.sort((a, b) => a.start - b.start).map(({ from, to, typeOnly }) => ({ from, to, typeOnly }))
}

/** The start of a declaration that imports or exports types alone. `import type from` imports a value of that name. */
const ofTypes = /^(?:import|export)\s+type\s+(?!from\b)/

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}
