import { type FileRelation, nameIn, type StatisticsFile } from '../../lint/sizes/statistics.ts'
import { tool } from '../../lint/tool.ts'
import { visibleJson } from '../../report/visible.ts'
import { openDatabase } from '../database/database.ts'
import { relationSizes } from '../database/relation-sizes.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import type { StatsFlags } from '../flags.ts'
import { write } from '../output/output.ts'
import { tell } from '../output/stderr.ts'

/** `migrate-lint stats`: prints how large the tables of a database are, for a file to commit. It has no credentials in it. Returns the exit code. */
export async function statsCommand(flags: StatsFlags): Promise<number> {
  const url = flags.databaseUrl ?? process.env.DATABASE_URL
  if (!url) {
    throw new Failure('Which database? Give --database-url postgres://…, or DATABASE_URL in the environment.')
  }
  const { session, asked, close } = await openDatabase(url)
  try {
    const { relations, knowsWrites } = await relationSizes(session)
    if (!knowsWrites) tell('The role may not read statistics, so the file does not say how much is written.')
    const names = flags.hashNames ? 'sha256' : 'plain'
    const file: StatisticsFile & { readonly tool: unknown } = {
      schemaVersion: 1,
      tool: { name: tool.name, version: tool.version },
      takenAt: new Date().toISOString(),
      server: /^\d+(?:\.\d+)?/.exec(asked.version)?.[0] ?? '',
      names,
      relations: relations.map(each => renamed(each, name => nameIn(names, name))),
    }
    write(flags.outputFile ?? null, {}, () => print(file))
  } finally {
    await close()
  }
  return exitCodes.ok
}

function renamed(relation: FileRelation, name: (plain: string) => string): FileRelation {
  const { partitionOf } = relation
  return {
    ...relation,
    name: name(relation.name),
    ...(partitionOf !== undefined && { partitionOf: name(partitionOf) }),
  }
}

/** A line for each relation, so that a change of the file can be read. */
function print({ relations, ...head }: StatisticsFile): string {
  const lines = relations.map(each => `    ${visibleJson(each).trim()}`)
  const facts = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${visibleJson(value).trim()},`)
  const list = lines.length === 0 ? '  "relations": []' : `  "relations": [\n${lines.join(',\n')}\n  ]`
  return `{\n${[...facts, list].join('\n')}\n}\n`
}
