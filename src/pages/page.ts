import type { Preset } from '../lint/config/config.ts'
import type { TransactionMode } from '../migration/transaction-mode.ts'

/** A rule's page as tests see it: its headings and its SQL blocks. */
export interface Page {
  readonly title: string | null
  /** The headings of the second level, in order. */
  readonly sections: readonly string[]
  readonly examples: readonly Example[]
  /** Mistakes in the page, such as blocks with an info string that cannot be read. */
  readonly mistakes: readonly string[]
}

/** Blocks that are linted and run together: earlier migrations, and one or several that are reported on. */
export interface Example {
  /** SQL for objects that no migration creates: it is run, but not linted. */
  readonly unseen: Block | null
  readonly setup: Block | null
  /** Applied migrations, if the example is about changes of them. */
  readonly base: readonly Block[]
  readonly blocks: readonly Block[]
}

export interface Block {
  readonly kind: 'base' | 'setup' | 'bad' | 'good'
  readonly sql: string
  /** Line of the fence in the page, from 1. */
  readonly line: number
  readonly info: Info
}

/** The words after `sql bad` or `sql good`. */
export interface Info {
  /** The PostgreSQL version of the configuration. */
  readonly pg?: string
  readonly transaction?: TransactionMode
  readonly preset?: Preset
  /** The migration system whose adapter reads the block as a file; blocks without one are plain SQL. */
  readonly system?: string
  /** Files beside the migration that its system reads: `{"metadata.toml":""}`, `{"#.conf":"…"}` for one named after it. */
  readonly beside?: Readonly<Record<string, string>>
  /** Options of the page's rule. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Other keys of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>
  /** The SQLSTATE with which the last statement certainly fails. */
  readonly expect?: string
  /** For a setup block: it creates objects that no migration creates. */
  readonly unseen?: true
  /** `elsewhere`: the SQL of the advice needs another database, so it is not tried. */
  readonly advice?: 'elsewhere'
  /** The file is not a migration, for this reason. */
  readonly aside?: string
  /** The file is code, for this reason: `it_is_written_in_TypeScript`. */
  readonly opaque?: string
  /** This block is a further migration after the block before it. */
  readonly file?: string
  /** In an example with `base` blocks: the file's path. */
  readonly name?: string
  /** In such an example: the file no longer exists. */
  readonly gone?: true
}

/** A comment under a line of SQL: `-- ^^^ text`. */
export interface Marker {
  /** Place of the first caret in the block's SQL, on the line above. */
  readonly offset: number
  readonly length: number
  /** The carets begin as far left as the comment's dashes allow: the text that they mark may begin further left. */
  readonly leftmost: boolean
  readonly text: string
}

export function parsePage(markdown: string): Page {
  const lines = markdown.split('\n')
  const sections: string[] = []
  const examples: { unseen: Block | null; setup: Block | null; base: Block[]; blocks: Block[] }[] = []
  const mistakes: string[] = []
  let setup: Block | null = null
  let unseen: Block | null = null
  let base: Block[] = []
  let joins = false
  for (let i = 0; i < lines.length; i++) {
    const heading = /^## (.*)$/.exec(lines[i] ?? '')
    if (heading) {
      sections.push(heading[1] ?? '')
      setup = null
      unseen = null
      base = []
      joins = false
      continue
    }
    const fence = /^```(.*)$/.exec(lines[i] ?? '')
    if (!fence) continue
    const end = lines.indexOf('```', i + 1)
    const [language, kind, ...words] = (fence[1] ?? '').split(/\s+/)
    const sql = lines
      .slice(i + 1, end)
      .join('\n')
      .replaceAll('␀', '\0')
    const line = i + 1
    i = end === -1 ? lines.length : end
    if (language !== 'sql' || kind === undefined) continue
    if (kind !== 'base' && kind !== 'setup' && kind !== 'bad' && kind !== 'good') {
      mistakes.push(`line ${line}: "${kind}" is not one of base, setup, bad, good`)
      continue
    }
    const info = parseInfo(words, line, mistakes)
    const block: Block = { kind, sql, line, info }
    if (kind === 'setup') {
      if (info.unseen) unseen = block
      else setup = block
      joins = false
    } else if (kind === 'base') {
      if (info.name === undefined) mistakes.push(`line ${line}: a base block needs name=`)
      base.push(block)
    } else if (info.file !== undefined) {
      if (joins) examples.at(-1)?.blocks.push(block)
      else mistakes.push(`line ${line}: file= needs a block before it`)
    } else {
      if (info.name === undefined && base.length > 0) mistakes.push(`line ${line}: after a base block, name= is needed`)
      examples.push({ unseen, setup, base, blocks: [block] })
      base = []
      joins = true
    }
  }
  return { title: /^# (.*)$/m.exec(markdown)?.[1] ?? null, sections, examples, mistakes }
}

function parseInfo(words: readonly string[], line: number, mistakes: string[]): Info {
  const info = new Map<string, unknown>()
  for (const word of words) {
    if (word === 'wrapped') info.set('transaction', 'wrapped')
    if (word === 'unseen' || word === 'gone') info.set(word, true)
    if (word === 'wrapped' || word === 'unseen' || word === 'gone') continue
    const [, key = '', value = ''] = /^([a-z]+)=(.*)$/.exec(word) ?? []
    if (key === 'options' || key === 'config' || key === 'beside') {
      const parsed = jsonIn(value)
      if (parsed === undefined) mistakes.push(`line ${line}: "${word}" is not JSON without spaces`)
      else info.set(key, parsed)
    } else if (key === 'aside' || key === 'opaque') info.set(key, value.replaceAll('_', ' '))
    else if (['pg', 'transaction', 'preset', 'system', 'expect', 'file', 'advice', 'name'].includes(key))
      info.set(key, value)
    else mistakes.push(`line ${line}: "${word}" is not understood`)
  }
  return Object.fromEntries(info)
}

/** Undefined: it is not JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The markers of a block's SQL, each with its place in the nearest line above that is not a marker. */
export function markers(sql: string): Marker[] {
  const found: Marker[] = []
  let target = 0
  let offset = 0
  for (const line of sql.split('\n')) {
    const [, before = '', carets, text = ''] = /^(\s*--\s*)(\^+)(.*)/.exec(line) ?? []
    const leftmost = /^\s*-- ?$/.test(before)
    if (carets) found.push({ offset: target + before.length, length: carets.length, leftmost, text: text.trimStart() })
    else target = offset
    offset += line.length + 1
  }
  return found
}
