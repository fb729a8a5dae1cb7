import { newestVersion } from '../../postgres/version.ts'
import { differs } from '../../report/capture-check.ts'
import { type Format, type TableFormat, tableFormats } from '../../report/formats.ts'
import { captureCheckReporters, reporters } from '../../report/index.ts'
import { checkOf } from '../capture/check.ts'
import { runCommand } from '../capture/command.ts'
import { environmentFor, forOneSession } from '../capture/environment.ts'
import { type Capture, captureText } from '../capture/file.ts'
import { migrationsIn } from '../capture/migrations.ts'
import { startProxy } from '../capture/proxy.ts'
import { writeTyped } from '../disk/writing.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure, reason } from '../failure.ts'
import type { CaptureFlags } from '../flags.ts'
import { historiesOf } from '../input/histories.ts'
import { readInput } from '../input/input.ts'
import { resolveConfig } from '../input/resolve-config.ts'
import { type Output, outputs, write } from '../output/output.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'
import { openServer } from '../server/open.ts'
import { lintCaptured, tellLeft } from './lint-captured.ts'

/** `migrate-lint capture -- <command>`: runs the command on a server of its own and lints what it sends. Returns the exit code. */
export async function captureCommand(command: readonly string[], flags: CaptureFlags): Promise<number> {
  const checked = flags.check ? outputs(flags, tableFormats) : []
  const wanted = flags.check ? [] : outputs(flags, Object.keys(reporters) as Format[])
  if (flags.save !== undefined && !/\.json$/i.test(flags.save))
    throw new Failure(`--save writes one file: name it with ".json" at its end, not ${flags.save}.`)
  if (command.length === 0)
    throw new Failure('Which command? Write it after "--": migrate-lint capture -- npx knex migrate:latest')
  const config = await resolveConfig(flags, process.cwd(), registry)
  const captured = await capture(command, flags)
  if (captured.migrations.length === 0) {
    const why =
      captured.messages === 0
        ? 'it did not connect: does it read DATABASE_URL or the PG* variables?'
        : 'it sent no migration.'
    throw new Failure(`Nothing was captured from "${command.join(' ')}": ${why}`)
  }
  if (flags.save !== undefined) save(flags.save, captured)
  const code = flags.check
    ? await check(captured, flags, checked)
    : await lintCaptured(captured, {
        config,
        flags,
        wanted,
        source: `what "${command.join(' ')}" sent`,
        last: flags.last ?? null,
      })
  return captured.code === 0 ? code : failed(captured)
}

function failed({ code }: Capture): number {
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

/** A capture, and the number of all texts that were sent. */
type Captured = Capture & { readonly messages: number }

async function capture(command: readonly string[], flags: CaptureFlags): Promise<Captured> {
  const server = await openServer(flags, 'capture', tell)
  try {
    const proxy = await startProxy(server, { tell })
    try {
      const environment = {
        ...(server.servesMany ? {} : forOneSession),
        ...environmentFor(proxy.port, server.login),
      }
      const code = await runCommand(command, environment, flags.timeout ?? 600)
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

/** Writes it to a file, to be linted again. */
function save(path: string, captured: Capture): void {
  try {
    writeTyped(path, captureText(captured))
  } catch (error) {
    throw new Failure(`Cannot write ${path}: ${reason(error)}.`)
  }
  tell(`What was sent is in ${path}. To lint it again: migrate-lint ${path}`)
}
