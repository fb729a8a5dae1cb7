import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { deepestJson, tooDeepJson } from '../../parse/json.ts'
import { once } from '../once.ts'
import { type Server, unnamedServer, versionsIn } from '../server.ts'
import { type Config, defaultConfig } from './config.ts'
import { configSchema, type Vocabulary } from './config-schema.ts'
import { mismatches } from './schema.ts'

/** A configuration as people write it: only what differs from the defaults. */
export type PartialConfig = Partial<Config>

/**
 * A part of a configuration that cannot be used. It has a line and a column (from 1, in UTF-16 units) only if the
 * configuration was text.
 */
export interface ConfigProblem {
  readonly message: string
  readonly line: number | null
  readonly column: number | null
}

export interface CheckedConfig {
  /** Null when there are problems. */
  readonly config: PartialConfig | null
  readonly problems: readonly ConfigProblem[]
}

const schemaFor = once(configSchema)

/**
 * Reads a configuration file: JSON in which comments and trailing commas are allowed. `within` is the key that holds
 * the configuration in a file that has other keys as well: `migrate-lint` in package.json.
 */
export function parseConfig(text: string, vocabulary: Vocabulary, within: readonly string[] = []): CheckedConfig {
  const errors: ParseError[] = []
  const source = text.replace(/^\uFEFF/, ' ')
  const deep = tooDeepJson(source)
  if (deep !== null) {
    const message = `This is more than ${deepestJson} levels deep, which no configuration needs.`
    return { config: null, problems: [{ message, ...position(source, deep) }] }
  }
  const file = parseTree(source, errors, { allowTrailingComma: true })
  const tree = file && findNodeAtLocation(file, [...within])
  const at = (offset: number) => position(source, offset)
  if (errors.length > 0 || !tree) {
    const problems = errors
      .slice(0, 1)
      .map(({ error, offset }) => ({ message: syntaxMessage(printParseErrorCode(error)), ...at(offset) }))
    return {
      config: null,
      problems: problems.length > 0 ? problems : [{ message: 'The file is empty.', line: 1, column: 1 }],
    }
  }
  const problems = repeated(tree).map(node => {
    return { offset: node.offset, message: `The key ${JSON.stringify(node.value)} is written twice.` }
  })
  const wrong = mismatches(getNodeValue(tree), schemaFor(vocabulary), 'The configuration')
  const nodes = wrong.length > 0 ? byPath(tree) : new Map<string, Node>()
  for (const { path, key, message } of wrong) {
    const node = nodes.get(JSON.stringify(path))
    const place = key ? node?.parent?.children?.[0] : node
    problems.push({ message, offset: (place ?? tree).offset })
  }
  problems.sort((a, b) => a.offset - b.offset)
  if (problems.length === 0) return { config: normalise(getNodeValue(tree)), problems: [] }
  return { config: null, problems: withPositions(problems, source) }
}

/** The values of a tree by their paths: a stranger may have made thousands of mistakes, and none is looked for by itself. */
function byPath(tree: Node): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>()
  const enter = (node: Node, path: readonly (string | number)[]): void => {
    const key = JSON.stringify(path)
    // Of a key that is written twice the first one.
    if (!found.has(key)) found.set(key, node)
    for (const [i, child] of (node.children ?? []).entries()) {
      const [name, value] = child.children ?? []
      if (node.type === 'array') enter(child, [...path, i])
      else if (node.type === 'object' && name && value) enter(value, [...path, name.value])
    }
  }
  enter(tree, [])
  return found
}

/** Problems in the order of their offsets, with lines and columns: the text is gone through once. */
function withPositions(
  problems: readonly { readonly message: string; readonly offset: number }[],
  text: string,
): ConfigProblem[] {
  let [line, start] = [1, 0]
  return problems.map(({ message, offset }) => {
    for (let end = text.indexOf('\n', start); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
      line++
      start = end + 1
    }
    return { message, line, column: offset - start + 1 }
  })
}

/** Checks a configuration that is a value already, from a JavaScript module. */
export function checkConfig(value: unknown, vocabulary: Vocabulary): CheckedConfig {
  const problems = mismatches(value, schemaFor(vocabulary), 'The configuration').map(({ message }) => ({
    message,
    line: null,
    column: null,
  }))
  return problems.length === 0 ? { config: normalise(value as Written), problems } : { config: null, problems }
}

/** Fills in the defaults. */
export function completeConfig(config: PartialConfig): Config {
  const { pgVersion, server: known } = config
  const server: Server =
    pgVersion === undefined
      ? (known ?? unnamedServer)
      : known?.versions[0] === pgVersion
        ? known
        : { versions: versionsIn(pgVersion), by: 'configuration', places: [] }
  return { ...defaultConfig, ...config, server, pgVersion: server.versions[0] ?? defaultConfig.pgVersion }
}

type Written = Omit<PartialConfig, 'pgVersion' | 'server'> & {
  readonly pgVersion?: string | number | readonly (string | number)[]
  readonly $schema?: string
}

function normalise({ $schema: _, pgVersion, ...rest }: Written): PartialConfig {
  return pgVersion === undefined ? rest : { ...rest, pgVersion: versionsIn(pgVersion).join(',') }
}

/** Keys that an object has a second time: JSON would silently drop the first one. */
function repeated(node: Node): Node[] {
  const seen = new Set<unknown>()
  return (node.children ?? []).flatMap(child => {
    const key = child.type === 'property' ? child.children?.[0] : undefined
    const again = key && seen.has(key.value) ? [key] : []
    if (key) seen.add(key.value)
    return [...again, ...repeated(child)]
  })
}

function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** `PropertyNameExpected` → `A property name is expected here.` */
function syntaxMessage(code: string): string {
  const words = code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
  const expected = /^(.*) expected$/.exec(words)?.[1]
  if (!expected) return `This is not JSON: ${words}.`
  return `This is not JSON: ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected} is missing here.`
}
