import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync, Visitor } from 'rolldown/utils'
import { sourcesIn } from './imports.ts'

/**
 * Values that files of the program export although no other file names them, as `path: name`. It searches the program itself, its
 * tests, scripts and benchmarks. `entries`: files whose exports are for others. It ignores default exports, which are the file itself;
 * types, because code that gets a value may need to name its type; and generated files.
 */
export function unusedExports(top: string, entries: readonly string[]): string[] {
  const used = new Set<string>()
  const whole = new Set<string>(entries)
  const exported: { readonly file: string; readonly name: string }[] = []
  for (const file of sourcesIn(top, ['src', 'rules', 'test', 'scripts', 'bench'])) {
    const isOurs = /^(src|rules)\//.test(file) && !/\.generated\.ts$|\.d\.ts$/.test(file)
    const target = (written: string) => posix.join(dirname(file), written)
    const { program } = parseSync(file, readFileSync(join(top, file), 'utf8'))
    new Visitor({
      ImportDeclaration: ({ source, specifiers }) => {
        for (const each of specifiers) {
          if (each.type === 'ImportSpecifier') used.add(`${target(source.value)}: ${nameOf(each.imported)}`)
          else if (each.type === 'ImportNamespaceSpecifier') whole.add(target(source.value))
        }
      },
      ExportAllDeclaration: ({ source }) => whole.add(target(source.value)),
      ExportNamedDeclaration: ({ source, specifiers, declaration, exportKind }) => {
        if (source) for (const { local } of specifiers) used.add(`${target(source.value)}: ${nameOf(local)}`)
        if (!isOurs || exportKind === 'type') return
        for (const { exported: name, exportKind: kind } of specifiers) {
          if (kind !== 'type') exported.push({ file, name: nameOf(name) })
        }
        for (const name of namesIn(declaration)) exported.push({ file, name })
      },
      // `await import()` uses all exports of a file.
      ImportExpression: ({ source }) => {
        if (source.type === 'Literal' && typeof source.value === 'string') whole.add(target(source.value))
      },
      TSImportType: ({ source }) => whole.add(target(source.value)),
    }).visit(program)
  }
  return exported.flatMap(({ file, name }) =>
    whole.has(file) || used.has(`${file}: ${name}`) ? [] : [`${file}: ${name}`],
  )
}

type Name = { readonly name: string } | { readonly value: string }

function nameOf(name: Name): string {
  return 'name' in name ? name.name : name.value
}

interface Declaration {
  readonly type: string
  readonly id?: unknown
  readonly declarations?: readonly { readonly id: unknown }[]
}

function namesIn(declaration: Declaration | null | undefined): string[] {
  if (!declaration) return []
  const ids = declaration.declarations?.map(({ id }) => id) ?? [declaration.id]
  return ids.flatMap(id => (id && typeof id === 'object' && 'name' in id ? [String(id.name)] : []))
}
