import { dirname, relative } from 'node:path'
import {
  type ComputedPropertyName,
  type Expression,
  isAsExpression,
  isBinaryExpression,
  isBindingElement,
  isComputedPropertyName,
  isElementAccessExpression,
  isForInStatement,
  isNonNullExpression,
  isParenthesizedExpression,
  isVariableDeclarationList,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { API, type Checker, type Type, TypeFlags } from 'typescript/unstable/sync'

/**
 * Places where text decides which property of an object is meant: `table[name]`, `name in table`, `{ [name]: value } = table`,
 * where the name is any text and not one of a few words that the source itself spells out. Each is `path:line: source`, with paths
 * relative to the folder of the TypeScript configuration. A type assertion does not make text a word. `for (name in table)`
 * followed by `table[name]` is left out, as there the name comes from the table.
 */
export function textAsKey(configuration: string, isOurs: (path: string) => boolean): string[] {
  const root = dirname(configuration)
  const api = new API({ cwd: root })
  try {
    const project = api.updateSnapshot({ openProjects: [configuration] }).getProject(configuration)
    if (!project) throw new Error(`TypeScript cannot open ${configuration}`)
    return project.program.getSourceFileNames().flatMap(file => {
      const path = relative(root, file)
      const source = isOurs(path) ? project.program.getSourceFile(file) : undefined
      return source === undefined ? [] : placesIn(source, project.checker).map(place => `${path}:${place}`)
    })
  } finally {
    api.close()
  }
}

function placesIn(source: SourceFile, checker: Checker): string[] {
  const keyed: { readonly node: Node; readonly key: Expression }[] = []
  const visit = (node: Node, enumerated: readonly string[]): void => {
    const key = keyOf(node)
    if (key && !enumerated.includes(node.getText(source))) keyed.push({ node, key: withoutAssertions(key) })
    const inside = isForInStatement(node) ? [...enumerated, enumeratedBy(node, source)] : enumerated
    node.forEachChild(child => visit(child, inside))
  }
  visit(source, [])
  const types = checker.getTypeAtLocation(keyed.map(({ key }) => key))
  return keyed.flatMap(({ node }, i) => {
    const type = types[i]
    if (!type || !isText(type, checker)) return []
    const line = source.text.slice(0, node.getStart(source)).split('\n').length
    return [`${line}: ${node.getText(source).replace(/\s+/g, ' ')}`]
  })
}

function keyOf(node: Node): Expression | undefined {
  if (isElementAccessExpression(node)) return node.argumentExpression
  if (isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.InKeyword) return node.left
  const name = isBindingElement(node) ? node.propertyName : undefined
  return name && isComputedPropertyName(name) ? (name as ComputedPropertyName).expression : undefined
}

/** `for (const name in table)` → `table[name]`. */
function enumeratedBy(node: Node, source: SourceFile): string {
  if (!isForInStatement(node) || !isVariableDeclarationList(node.initializer)) return ''
  const [declaration] = node.initializer.declarations
  return `${node.expression.getText(source)}[${declaration?.name.getText(source)}]`
}

function withoutAssertions(key: Expression): Expression {
  return isAsExpression(key) || isParenthesizedExpression(key) || isNonNullExpression(key)
    ? withoutAssertions(key.expression)
    : key
}

const text = TypeFlags.String | TypeFlags.Any | TypeFlags.Unknown | TypeFlags.TemplateLiteral | TypeFlags.StringMapping

function isText(type: Type, checker: Checker): boolean {
  if (type.isUnionType() || type.isIntersectionType()) return type.getTypes().some(part => isText(part, checker))
  if (!type.isTypeParameter()) return (type.flags & text) !== 0
  const constraint = checker.getBaseConstraintOfType(type)
  return constraint === undefined || constraint === type || isText(constraint, checker)
}
