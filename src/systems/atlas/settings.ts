import type { Token } from '../reading/block.ts'
import { hasFile, join, textOf } from '../reading/files.ts'
import { attribute, blocksCalled, hcl } from '../reading/hcl.ts'
import type { Tree } from '../reading/tree.ts'

/** What an atlas.hcl says about migrations. */
export interface AtlasSettings {
  readonly path: string
  /** The blocks called `migration` that are in Atlas's own format, in their order. */
  readonly migrations: readonly AtlasMigration[]
  /** URLs of databases: `postgres://…`, `docker://postgres/16/dev`. */
  readonly urls: readonly string[]
}

interface AtlasMigration {
  /** The folder, relative to that of the file; null: it is given by an expression that is not read. */
  readonly directory: string | null
  /** `linear`, `linear-skip`, `non-linear`, whatever its case is and its separator; null: the default. */
  readonly order: string | null
  /** The schema of the table that records what is applied; null: the default. */
  readonly revisionsSchema: string | null
}

/** The settings of the atlas.hcl in this directory; null if there is none. */
export function atlasSettings(tree: Tree, dir: string): AtlasSettings | null {
  const path = join(dir, 'atlas.hcl')
  if (!hasFile(tree, path)) return null
  const blocks = hcl(textOf(tree, path) ?? '')
  const known = new Map<string, readonly Token[]>()
  for (const { body } of blocksCalled(blocks, 'locals'))
    for (const { head, body: inside } of body ?? [])
      if (inside === null && head[0]?.kind === 'word' && head[1]?.text === '=')
        known.set(`local.${head[0].text}`, head.slice(2))
  for (const { head, body } of blocksCalled(blocks, 'variable')) {
    const value = attribute(body ?? [], 'default')
    if (value) known.set(`var.${head[1]?.text ?? ''}`, value)
  }
  const text = (value: readonly Token[] | undefined) => (value ? plain(value, known, 0) : null)
  return {
    path,
    migrations: blocksCalled(blocks, 'migration').flatMap(({ body }): AtlasMigration[] => {
      const inside = body ?? []
      const format = attribute(inside, 'format')
      if (format && text(format) !== 'atlas') return []
      const dir = attribute(inside, 'dir')
      if (!dir) return []
      const url = text(dir)
      const order = text(attribute(inside, 'exec_order'))
      return [
        {
          directory: url?.startsWith('file://') ? (url.slice('file://'.length).split('?', 1)[0] ?? '') : null,
          order: order?.toLowerCase().replaceAll('_', '-') ?? null,
          revisionsSchema: text(attribute(inside, 'revisions_schema')),
        },
      ]
    }),
    urls: ['env', 'lint', 'diff', 'data', 'locals']
      .flatMap(type => blocksCalled(blocks, type))
      .flatMap(({ body }) => ['url', 'dev'].flatMap(name => text(attribute(body ?? [], name)) ?? [])),
  }
}

/** A string, a bare word or a reference to a plain value of the file; null: another expression. */
function plain(tokens: readonly Token[], known: ReadonlyMap<string, readonly Token[]>, depth: number): string | null {
  const [first, ...more] = tokens
  if (!first || depth > 5) return null
  if (more.length === 0 && first.kind === 'string') return filled(first.text, known, depth)
  if (more.length === 0 && first.kind === 'word') return first.text
  const value = known.get(tokens.map(each => each.text).join(''))
  return value ? plain(value, known, depth + 1) : null
}

/** A string with the plain values of `${local.x}` and `${var.x}`; null if it has others. */
function filled(text: string, known: ReadonlyMap<string, readonly Token[]>, depth: number): string | null {
  let isKnown = text.length < 1000
  if (!isKnown) return null
  const found = text.replace(/\$\{([^{}]*)\}/g, (_, name: string) => {
    const value = known.get(name.trim())
    const own = value && plain(value, known, depth + 1)
    isKnown &&= own !== null && own !== undefined && own.length < 1000
    return own ?? ''
  })
  return isKnown && !found.includes('${') ? found : null
}
