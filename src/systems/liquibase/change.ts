import { TooMuch } from '../../code/limit.ts'
import { joined, type Text } from '../../code/text.ts'
import type { Span } from '../../parse/span.ts'
import { type XmlElement, xml } from '../reading/xml.ts'
import { type YamlNode, yamlTrees } from '../reading/yaml-tree.ts'

/** A part of a changelog in any format: a change set, a change, a column. */
export interface Part {
  readonly name: string
  readonly nameAt: Span
  readonly at: Span
  /** Values by name: attributes of XML, scalars of YAML and JSON. */
  readonly values: ReadonlyMap<string, Text>
  readonly parts: readonly Part[]
  /** Its text: the SQL of `<sql>`. */
  readonly text: Text
}

const none: Text = { kind: 'text', pieces: [] }

/** The parts of `databaseChangeLog`; null: the file is not a changelog, or is larger or deeper than anybody writes. */
export function changelogOf(path: string, source: string): Part | null {
  try {
    return rootOf(path, source)
  } catch (error) {
    if (error instanceof TooMuch) return null
    throw error
  }
}

function rootOf(path: string, source: string): Part | null {
  if (/\.xml$/i.test(path)) {
    const root = xml(source)
    return root?.name === rootName ? ofElement(root) : null
  }
  for (const tree of yamlTrees(source)) {
    const found = tree.kind === 'mapping' ? tree.entries.find(({ name }) => name === rootName) : undefined
    if (found) return ofNode(found.name, found.nameAt, found.value)
  }
  return null
}

const rootName = 'databaseChangeLog'

function ofElement(element: XmlElement): Part {
  const parts: Part[] = []
  const texts: Text[] = []
  for (const child of element.children) {
    if (child.kind === 'element') parts.push(ofElement(child))
    else texts.push(child.text)
  }
  return {
    name: element.name,
    nameAt: element.nameAt,
    at: element.at,
    values: new Map(element.attributes.map(({ name, text }) => [name, text])),
    parts,
    text: joined(texts),
  }
}

/** `createTable: {tableName: a, columns: [{column: {…}}]}`: lists are their items. */
function ofNode(name: string, nameAt: Span, node: YamlNode): Part {
  const at: Span = [nameAt[0], Math.max(nameAt[1], node.at[1])]
  const values = new Map<string, Text>()
  const parts: Part[] = []
  if (node.kind === 'scalar') return { name, nameAt, at, values, parts, text: node.isNull ? none : node.text }
  if (node.kind === 'list') for (const item of node.items) addItem(item, parts)
  else
    for (const { name: key, nameAt: keyAt, value } of node.entries) {
      if (value.kind === 'scalar') {
        if (!value.isNull) values.set(key, value.text)
      } else if (value.kind === 'list' && lists.has(key)) for (const item of value.items) addItem(item, parts)
      else parts.push(ofNode(key, keyAt, value))
    }
  return { name, nameAt, at, values, parts, text: none }
}

/** Keys of lists for which XML has no element: their items are parts of the surrounding part. */
const lists = new Set(['columns', 'changes'])

/** An item of a list is a mapping with one name, whose value is the part. */
function addItem(item: YamlNode, parts: Part[]): void {
  if (item.kind !== 'mapping') return
  for (const { name, nameAt, value } of item.entries) parts.push(ofNode(name, nameAt, value))
}
