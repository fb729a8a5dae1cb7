import { lint } from '../../lint/lint.ts'
import { unloadedPlugins } from '../../lint/plugin.ts'
import type { MigrationInput } from '../../migration/migration.ts'
import type { Format } from '../../report/formats.ts'
import { counted } from '../../report/words.ts'
import { plainRun } from '../../systems/plain/plain.ts'
import type { Capture } from '../capture/file.ts'
import type { CapturedMigration } from '../capture/migrations.ts'
import { processorTime as clock } from '../clock.ts'
import { exitCode, exitCodes } from '../exit-code.ts'
import type { LintFlags, SarifFlags, WriteFlags } from '../flags.ts'
import type { ResolvedConfig } from '../input/resolve-config.ts'
import { errorsOnly } from '../output/errors-only.ts'
import type { Output } from '../output/output.ts'
import { writeReport } from '../output/reporting.ts'
import { tell } from '../output/stderr.ts'
import { howToLoad } from './run.ts'

export interface CaptureLinting {
  readonly config: ResolvedConfig
  readonly flags: Pick<LintFlags, 'plugins' | 'quiet'> & WriteFlags & SarifFlags
  readonly wanted: readonly Output<Format>[]
  /** For the report: what the SQL is. */
  readonly source: string
  /** The number of migrations, from the end, that are reported on; null: all. */
  readonly last: number | null
}

/** Lints what was captured, and prints the report. Returns the exit code, as if the command had not failed. */
export async function lintCaptured(
  capture: Capture,
  { config: { config, registry }, flags, wanted, source, last }: CaptureLinting,
): Promise<number> {
  const migrations = inputsOf(capture.migrations)
  const reported = new Set(migrations.slice(last === null ? 0 : Math.max(0, migrations.length - last)).map(pathOf))
  const report = await lint({
    registry,
    migrations,
    config: { ...config, startAfter: null },
    system: source,
    report: path => reported.has(path),
    clock,
  })
  for (const notice of report.notices) tell(notice)
  // Their rules might have found something.
  const hasNotLoaded = flags.plugins === undefined && unloadedPlugins(config, registry).length > 0
  if (hasNotLoaded) tell(howToLoad)
  tellLeft(capture)
  const shown = flags.quiet ? errorsOnly(report) : report
  writeReport(wanted, shown, flags, () => shown)
  const isPartial = capture.left > 0 || hasNotLoaded || report.internalErrors.length > 0
  return isPartial ? exitCodes.failure : exitCode(report, config)
}

const pathOf = ({ path }: MigrationInput) => path

/** What was captured and is not in the report. */
export function tellLeft({ left, refused }: Capture): void {
  if (left > 0) {
    tell(
      `Left out, because too much was sent before: ${counted(left, 'message')}. Capture the migrations without the command that loads data.`,
    )
  }
  if (refused > 0) tell(`Left out, because the server refused it: ${counted(refused, 'message')}.`)
}

/** Each captured migration as a file of SQL that says itself where transactions begin and end. */
function inputsOf(captured: readonly CapturedMigration[]): MigrationInput[] {
  const digits = String(captured.length).length
  return captured.map(({ name, sql }, i) => {
    const file = (name ?? '').replace(/[^\w.-]+/g, '_').slice(-100)
    const number = String(i + 1).padStart(digits, '0')
    return { kind: 'sql', path: `captured/${number}${file && `_${file}`}.sql`, content: sql, ...plainRun('none') }
  })
}
