import type { Block, Token } from '../reading/block.ts'
import { attribute, blocksCalled, hcl } from '../reading/hcl.ts'
import { lately } from '../reading/lately.ts'
import { writtenVersion } from './image.ts'
import { lineOf } from './line-of.ts'
import type { Named } from './named.ts'

/** How a resource says its version. */
interface Resource {
  /** The type of the resource. */
  readonly type: RegExp
  readonly version: string
  /** Another attribute that must say that it is PostgreSQL. */
  readonly engine?: RegExp
}

/** The registry's pages of the providers of AWS, Google, Azure, DigitalOcean and others, and of the modules for RDS. */
const resources: readonly Resource[] = [
  {
    type: /^aws_(?:db_instance|rds_cluster|rds_cluster_instance|rds_global_cluster)$/,
    version: 'engine_version',
    engine: /postgres/,
  },
  { type: /^google_sql_database_instance$/, version: 'database_version' },
  { type: /^google_alloydb_cluster$/, version: 'database_version' },
  { type: /^azurerm_postgresql_(?:flexible_)?server$/, version: 'version' },
  { type: /^digitalocean_database_cluster$/, version: 'version', engine: /^pg$/ },
  { type: /^scaleway_rdb_instance$/, version: 'engine', engine: /^PostgreSQL-/ },
  { type: /^(?:heroku_addon|neon_project)$/, version: 'pg_version' },
]

const modules: Resource = { type: /./, version: 'engine_version', engine: /postgres/ }

/** The versions of the databases that a file in Terraform makes. */
export function versionsInTerraform(text: string, _path: string, beside: (name: string) => string | null): Named[] {
  const blocks = hcl(text)
  const variables = new Map([...variablesIn(beside('variables.tf') ?? ''), ...declared(blocks)])
  const found = [
    ...blocksCalled(blocks, 'resource').map(block => ({
      block,
      known: resources.find(({ type }) => type.test(block.head[1]?.text ?? '')),
    })),
    ...blocksCalled(blocks, 'module').map(block => ({ block, known: modules })),
  ]
  return found.flatMap(({ block, known }) => {
    const body = block.body ?? []
    if (!known || (known.engine && !known.engine.test(valueIn(body, 'engine', variables)?.value ?? ''))) return []
    const said = valueIn(body, known.version, variables)
    if (said === null) return []
    // `POSTGRES_16`, `PostgreSQL-16`
    const version = writtenVersion(said.value.replace(/^postgres(?:ql)?[_-]/i, ''))
    return version === null ? [] : [{ version, line: () => lineOf(text, said.written) }]
  })
}

/** All files of a folder have the same one beside them. */
const variablesIn = lately(text => declared(hcl(text)))

/** The blocks that declare variables, by their names. */
function declared(blocks: readonly Block[]): ReadonlyMap<string, Block> {
  return new Map(blocksCalled(blocks, 'variable').map(block => [block.head[1]?.text ?? '', block]))
}

/** The text of an attribute: written there, or the default of a variable. */
function valueIn(
  body: readonly Block[],
  name: string,
  variables: ReadonlyMap<string, Block>,
): { value: string; written: string } | null {
  const tokens = attribute(body, name)
  const direct = single(tokens)
  if (direct !== null) return { value: direct, written: direct }
  const [variable, dot, key] = tokens ?? []
  if (tokens?.length !== 3 || variable?.text !== 'var' || dot?.text !== '.' || key === undefined) return null
  const value = single(attribute(variables.get(key.text)?.body ?? [], 'default'))
  return value === null ? null : { value, written: `var.${key.text}` }
}

/** A string or a number. */
function single(tokens: readonly Token[] | undefined): string | null {
  const [token, ...rest] = tokens ?? []
  if (token?.kind === 'string' && rest.length === 0 && !token.text.includes('${')) return token.text
  const whole = (tokens ?? []).map(({ text }) => text).join('')
  return /^\d+(?:\.\d+)*$/.test(whole) ? whole : null
}
