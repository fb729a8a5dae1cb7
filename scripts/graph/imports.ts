import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync, Visitor } from 'vite'

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

/** Everything that a file imports or re-exports, in the order in which it is written. */
export function importsOf(top: string, file: string): Import[] {
  const found: (Import & { readonly start: number })[] = []
  const add = (start: number, written: string, typeOnly: boolean) => {
    const to = written.startsWith('.') ? posix.join(slashes(dirname(file)), written) : written
    found.push({ from: file, to, typeOnly, start })
  }
  new Visitor({
    ImportDeclaration: ({ start, source, importKind }) => add(start, source.value, importKind === 'type'),
    ExportAllDeclaration: ({ start, source, exportKind }) => add(start, source.value, exportKind === 'type'),
    ExportNamedDeclaration: ({ start, source, exportKind }) => {
      if (source) add(start, source.value, exportKind === 'type')
    },
    // A computed name cannot be drawn; test/architecture.test.ts lists these places.
    ImportExpression: ({ start, source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') add(start, source.value, false)
    },
    TSImportType: ({ start, source }) => add(start, source.value, true),
  }).visit(parseSync(file, readFileSync(join(top, file), 'utf8')).program)
  return found.sort((a, b) => a.start - b.start).map(({ from, to, typeOnly }) => ({ from, to, typeOnly }))
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}
