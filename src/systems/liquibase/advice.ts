import type { AdviceInCode, Name } from '../../code/advice.ts'
import { xmlAttribute, xmlText, yamlBlock } from '../../code/spelling/document.ts'

/** Changes of Liquibase for advice, as a changelog at this path writes them. They are items of a change set. */
export function liquibaseAdvice(path: string): AdviceInCode {
  const end = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase()
  if (end === 'xml') return { language: 'xml', sql: sqlInXml, calls: calls(inXml) }
  if (end === 'json') return { language: 'json', sql: sqlInJson, calls: calls(inJson), between: ',\n' }
  return { language: 'yaml', sql: sqlInYaml, calls: calls(inYaml) }
}

/** A change that is not SQL, with its attributes. */
type Change = (name: string, attributes: readonly (readonly [string, string])[]) => string

function calls(change: Change): NonNullable<AdviceInCode['calls']> {
  const ofColumn = (name: string, table: Name, column: string) => {
    // Liquibase writes names in upper case, or with other characters, differently.
    if (![table.name, table.schema ?? 'a', column].every(each => /^[a-z_][a-z0-9_]*$/.test(each))) return null
    const schema = table.schema === null ? [] : [['schemaName', table.schema] as const]
    return change(name, [...schema, ['tableName', table.name], ['columnName', column]])
  }
  return {
    setNotNull: ({ table, column }) => ofColumn('addNotNullConstraint', table, column),
    dropNotNull: ({ table, column }) => ofColumn('dropNotNullConstraint', table, column),
    dropColumn: ({ table, column }) => ofColumn('dropColumn', table, column),
  }
}

const inXml: Change = (name, attributes) =>
  `<${name} ${attributes.map(([key, value]) => `${key}="${xmlAttribute(value)}"`).join(' ')}/>`

const inYaml: Change = (name, attributes) =>
  [`- ${name}:`, ...attributes.map(([key, value]) => `    ${key}: ${yamlName(value)}`)].join('\n')

/** Words that YAML 1.1 takes for values that are not texts. */
function yamlName(name: string): string {
  return /^(?:y|n|yes|no|on|off|true|false|null)$/.test(name) ? `"${name}"` : name
}

const inJson: Change = (name, attributes) => JSON.stringify({ [name]: Object.fromEntries(attributes) })

// Each statement is a change of its own, so a semicolon in it does not end it.
function sqlInXml(text: string): string {
  return `<sql splitStatements="false">${xmlText(withoutParameters(text))}</sql>`
}

function sqlInYaml(text: string): string {
  return `- sql:\n    splitStatements: false\n    sql: ${yamlBlock(withoutParameters(text), 6)}`
}

function sqlInJson(text: string): string {
  return JSON.stringify({ sql: { splitStatements: false, sql: withoutParameters(text) } })
}

/** ExpressionExpander takes `${name}` for a parameter, and `${:name}` for the text itself. */
function withoutParameters(text: string): string {
  return text.replace(/\$\{(?!:)/g, '${:')
}
