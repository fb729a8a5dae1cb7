import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { indented } from '../../code/kit/indented.ts'
import type { CodeTool, Project } from './advised.ts'
import * as java from './java.ts'

const why = java.withoutJava()

/** Why Liquibase and Flyway are not run; null: they are. */
export const withoutJava = why && `Liquibase and Flyway are not run: ${why}.`

/** A program of `test/systems/java` that runs migrations. It starts when it is first asked, and goes on, because that takes seconds. */
class Runner {
  readonly #name: string
  #child: ChildProcessWithoutNullStreams | null = null
  #answered: (answer: string) => void = () => {}
  #errors = ''

  constructor(name: string) {
    this.#name = name
  }

  readonly apply = async ({ folder, url }: Project): Promise<void> => {
    this.#child ??= this.#start()
    const { host, pathname } = new URL(url)
    const jdbc = `jdbc:postgresql://${host}${pathname}?sslmode=disable&user=postgres&password=none`
    const answer = new Promise<string>(resolve => {
      this.#answered = resolve
    })
    this.#child.stdin.write(`${folder}\t${jdbc}\n`)
    const said = await answer
    if (said !== 'done') throw new Error(said)
  }

  readonly end = (): void => {
    this.#child?.stdin.end()
  }

  #start(): ChildProcessWithoutNullStreams {
    const program = fileURLToPath(new URL(`../java/${this.#name}/Migrate.java`, import.meta.url))
    // Flyway's packages contain the driver.
    const classPath = [java.classPathOf('flyway'), java.classPathOf('liquibase')].join(':')
    const child = spawn('java', ['-cp', classPath, program])
    child.stderr.on('data', text => {
      this.#errors = `${this.#errors}${text}`.slice(-10_000)
    })
    createInterface({ input: child.stdout }).on('line', line => {
      if (line.startsWith('=> ')) this.#answered(line.slice(3))
    })
    child.on('close', () => this.#answered(this.#errors))
    return child
  }
}

const [liquibase, flyway] = [new Runner('liquibase'), new Runner('flyway')]

const namespaces =
  'xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd"'
const changelog = {
  'liquibase.properties': 'changeLogFile=changelog.xml\nurl=jdbc:postgresql://127.0.0.1/shop\n',
  'changelog.xml': `<databaseChangeLog ${namespaces}><includeAll path="changes"/></databaseChangeLog>\n`,
}
const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const flywayFiles = {
  'flyway.toml':
    '[environments.default]\nurl = "jdbc:postgresql://127.0.0.1/shop"\n\n[flyway]\nenvironment = "default"\nlocations = ["filesystem:sql"]\n\n[flyway.postgresql.transactional]\nlock = false\n',
}

const tools: Readonly<Record<string, CodeTool>> = {
  'Liquibase, in XML': {
    files: changelog,
    path: number => `changes/${number}.xml`,
    migration: (code, number, isOutside) =>
      `<databaseChangeLog ${namespaces}>\n<changeSet id="${number}" author="a"${isOutside ? ' runInTransaction="false"' : ''}>\n${code}\n</changeSet>\n</databaseChangeLog>\n`,
    sql: sql => `<sql>${xml(sql)}</sql>`,
    apply: liquibase.apply,
    end: liquibase.end,
  },
  'Liquibase, in YAML': {
    files: changelog,
    path: number => `changes/${number}.yaml`,
    migration: (code, number, isOutside) =>
      `databaseChangeLog:\n- changeSet:\n    id: ${number}\n    author: a\n${isOutside ? '    runInTransaction: false\n' : ''}    changes:\n${indented(code)}\n`,
    sql: sql => `- sql:\n    sql: ${JSON.stringify(sql)}`,
    apply: liquibase.apply,
    end: liquibase.end,
  },
  'Liquibase, in JSON': {
    files: changelog,
    path: number => `changes/${number}.json`,
    migration: (code, number, isOutside) =>
      `{"databaseChangeLog": [{"changeSet": {"id": "${number}", "author": "a", ${isOutside ? '"runInTransaction": false, ' : ''}"changes": [\n${code}\n]}}]}\n`,
    sql: sql => JSON.stringify({ sql: { sql } }),
    between: ',\n',
    apply: liquibase.apply,
    end: liquibase.end,
  },
  'Liquibase, in SQL': {
    files: changelog,
    isSql: true,
    path: number => `changes/${number}.sql`,
    migration: (code, number, _, words) => {
      const attributes = Array.from(words.matchAll(/`(\w+:false)`/g), ([, each]) => ` ${each}`)
      return `--liquibase formatted sql\n\n--changeset a:${number}${attributes.join('')}\n${code}\n`
    },
    sql: sql => `${sql};`,
    apply: liquibase.apply,
    end: liquibase.end,
  },
  'Flyway, in Java': {
    files: flywayFiles,
    path: number => `src/main/java/db/migration/V${number}__a.java`,
    migration: (code, number, isOutside) => `package db.migration;

import java.sql.Statement;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

public class V${number}__a extends BaseJavaMigration {
${isOutside ? '    @Override\n    public boolean canExecuteInTransaction() {\n        return false;\n    }\n\n' : ''}    @Override
    public void migrate(Context context) throws Exception {
${indented(code)}
    }
}
`,
    sql: sql =>
      `try (Statement statement = context.getConnection().createStatement()) {\n    statement.execute(${JSON.stringify(sql)});\n}`,
    apply: flyway.apply,
    end: flyway.end,
  },
  'Flyway, in SQL': {
    files: flywayFiles,
    isSql: true,
    path: number => `sql/V${number}__a.sql`,
    migration: code => `${code}\n`,
    outside: path => [`${path}.conf`, 'executeInTransaction=false\n'],
    sql: sql => `${sql};`,
    apply: flyway.apply,
    end: flyway.end,
  },
}

export const javaTools: Readonly<Record<string, CodeTool>> = why === null ? tools : {}
