import { join } from 'node:path'
import { lint } from '../../lint/lint.ts'
import { unloadedPlugins } from '../../lint/plugin.ts'
import type { MigrationInput } from '../../migration/migration.ts'
import { newestVersion } from '../../postgres/version.ts'
import { differs } from '../../report/capture-check.ts'
import { type Format, type TableFormat, tableFormats } from '../../report/formats.ts'
import { captureCheckReporters, reporters } from '../../report/index.ts'
import { counted } from '../../report/words.ts'
import { plainRun } from '../../systems/plain/plain.ts'
import { checkOf } from '../capture/check.ts'
import { runCommand } from '../capture/command.ts'
import { environmentFor } from '../capture/environment.ts'
import { type CapturedMigration, migrationsIn } from '../capture/migrations.ts'
import { startProxy } from '../capture/proxy.ts'
import { processorTime as clock } from '../clock.ts'
import { writeTyped } from '../disk/writing.ts'
import { exitCode, exitCodes } from '../exit-code.ts'
import { Failure, reason } from '../failure.ts'
import type { CaptureFlags } from '../flags.ts'
import { historiesOf } from '../input/histories.ts'
import { readInput } from '../input/input.ts'
import { resolveConfig } from '../input/resolve-config.ts'
import { type Output, outputs, write } from '../output/output.ts'
import { writeReport } from '../output/reporting.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'
import { openClientServer } from '../server/open.ts'
import { howToLoad } from './run.ts'

/** `migrate-lint capture -- <command>`: runs the command on a server of its own and lints what it sends. Returns the exit code. */
export async function captureCommand(command: readonly string[], flags: CaptureFlags): Promise<number> {
  const checked = flags.check ? outputs(flags, tableFormats) : []
  const wanted = flags.check ? [] : outputs(flags, Object.keys(reporters) as Format[])
  if (command.length === 0)
    throw new Failure('Which command? Write it after "--": migrate-lint capture -- npx knex migrate:latest')
  const { config, registry: rules } = await resolveConfig(flags, process.cwd(), registry)
  const captured = await capture(command, flags)
  if (captured.migrations.length === 0) {
    const why =
      captured.messages === 0
        ? 'it did not connect: does it read DATABASE_URL or the PG* variables?'
        : 'it sent no migration.'
    throw new Failure(`Nothing was captured from "${command.join(' ')}": ${why}`)
  }
  const migrations = inputsOf(captured.migrations)
  if (flags.save !== undefined) save(flags.save, migrations)
  if (flags.check) {
    const code = await check(captured, flags, checked)
    return captured.code !== 0 ? failed(captured) : code
  }
  const last = flags.last === undefined ? 0 : Math.max(0, migrations.length - flags.last)
  const reported = new Set(migrations.slice(last).map(({ path }) => path))
  const report = await lint({
    registry: rules,
    migrations,
    config: { ...config, startAfter: null },
    system: `what "${command.join(' ')}" sent`,
    report: path => reported.has(path),
    clock,
  })
  for (const notice of report.notices) tell(notice)
  // Their rules might have found something.
  const hasNotLoaded = flags.plugins === undefined && unloadedPlugins(config, rules).length > 0
  if (hasNotLoaded) tell(howToLoad)
  tellLeft(captured)
  writeReport(wanted, report, flags, () => report, null)
  if (captured.code !== 0) return failed(captured)
  const isPartial = captured.left > 0 || hasNotLoaded || report.internalErrors.length > 0
  return isPartial ? exitCodes.failure : exitCode(report, config)
}

/** What was captured and is not in the report. */
function tellLeft({ left, refused }: Captured): void {
  if (left > 0) {
    tell(
      `Left out, because too much was sent before: ${counted(left, 'message')}. Capture the migrations without the command that loads data.`,
    )
  }
  if (refused > 0) tell(`Left out, because the server refused it: ${counted(refused, 'message')}.`)
}

function failed({ code }: Captured): number {
  tell(`The command ended with exit code ${code}.`)
  return code
}

/** Compares what was sent with what reading the migrations of this folder says, and prints that. Returns the exit code. */
async function check(captured: Captured, flags: CaptureFlags, wanted: readonly Output<TableFormat>[]): Promise<number> {
  const input = await readInput([], flags, registry)
  for (const notice of input.notices) tell(notice)
  const histories = await historiesOf(input, newestVersion)
  const outcome = checkOf(captured.migrations, histories, registry.trackingTables, input.display)
  tellLeft(captured)
  for (const { format, path } of wanted) write(path, flags, style => captureCheckReporters[format](outcome, style))
  if (outcome.migrations.some(differs)) return exitCodes.findings
  const isPartial = captured.left > 0 || input.omitted.length > 0
  const isCompared = outcome.migrations.some(({ path }) => path !== null)
  return isPartial || !isCompared ? exitCodes.failure : exitCodes.ok
}

interface Captured {
  readonly migrations: readonly CapturedMigration[]
  /** The exit code of the command. */
  readonly code: number
  /** The number of texts that it sent, and of those that the server refused. */
  readonly messages: number
  readonly refused: number
  /** The number of texts for which there was no room. */
  readonly left: number
}

async function capture(command: readonly string[], flags: CaptureFlags): Promise<Captured> {
  const server = await openClientServer(flags)
  try {
    const proxy = await startProxy(server)
    try {
      const code = await runCommand(command, environmentFor(proxy.port, server.login), flags.timeout ?? 600)
      const refused = proxy.sent.filter(each => each.refused !== null).length
      return {
        migrations: migrationsIn(proxy.sent, registry.trackingTables),
        code,
        messages: proxy.sent.length,
        refused,
        left: proxy.left(),
      }
    } finally {
      await proxy.stop()
    }
  } finally {
    await server.stop()
  }
}

/** Each captured migration as a file of SQL that says itself where transactions begin and end. */
function inputsOf(captured: readonly CapturedMigration[]): (MigrationInput & { readonly content: string })[] {
  const digits = String(captured.length).length
  return captured.map(({ name, sql }, i) => {
    const file = (name ?? '').replace(/[^\w.-]+/g, '_').slice(-100)
    const number = String(i + 1).padStart(digits, '0')
    return { kind: 'sql', path: `captured/${number}${file && `_${file}`}.sql`, content: sql, ...plainRun('none') }
  })
}

/** Writes them to a folder, to be read or linted again. */
function save(folder: string, migrations: readonly (MigrationInput & { readonly content: string })[]): void {
  for (const { path, content } of migrations) {
    const target = join(folder, path.slice('captured/'.length))
    try {
      writeTyped(target, content)
    } catch (error) {
      throw new Failure(`Cannot write ${target}: ${reason(error)}.`)
    }
  }
  tell(`What was sent is in ${folder}. To lint it again: migrate-lint ${folder} --system plain --transaction none`)
}
